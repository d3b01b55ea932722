#!/bin/sh
# A job of GitLab: junit.xml is its `artifacts:reports:junit`, the pages are its artifacts. It goes
# on after a failure, so that the two days stand side by side all the same.
connect-contract run --connect mypackage.client ${SEARCH:+--search "$SEARCH"} \
    --json report.json --junit junit.xml --html report.html \
    --expected-failures known.toml --compare-with yesterday.json "$@"
status=$?
connect-contract report yesterday.json report.json --html days.html
exit $status
