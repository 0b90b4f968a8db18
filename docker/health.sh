#!/bin/sh
# Succeeds while JupyterLab answers on its port. It asks without a token, for the one thing that needs none, and never by way of a proxy.
exec python3 - "${1:-8888}" <<'END'
import http.client
import sys

try:
    server = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
    server.request("GET", "/api")
    status = server.getresponse().status
except OSError as err:
    sys.exit(f"health: JupyterLab does not answer: {err}")
if status != 200:
    sys.exit(f"health: JupyterLab answers with status {status} (want 200)")
END
