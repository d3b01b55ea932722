"""What a program of another language does: it starts a target, reads one line, and connects."""

import json
import subprocess
import sys

SERVE = [sys.executable, "-m", "connect_contracts", "serve", "--https", "--release", "6.2.2"]

with subprocess.Popen([*SERVE, "--json"], stdout=subprocess.PIPE, text=True) as served:
    try:
        first = json.loads(served.stdout.readline())
        authority = first["files"]["certificate_authority"]
        curl = ["curl", "-s", "--cacert", authority, "-u", "admin:passwd"]
        versions = subprocess.check_output([*curl, first["url"] + "/versions/rest"])
        print(json.loads(versions)["serverVersion"])
    finally:
        served.terminate()
sys.exit(served.returncode)
