#!/bin/sh
# A job of GitHub Actions. Yesterday's report is an artifact of the main branch; SEARCH= spares the
# laws. The summary of the job and the annotations are written by themselves.
exec connect-contract run --connect mypackage.client ${SEARCH:+--search "$SEARCH"} \
    --json report.json --junit junit.xml --markdown summary.md --html report.html \
    --expected-failures known.toml --compare-with yesterday.json "$@"
