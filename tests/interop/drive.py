"""Does with the Python client of examples/ what it is told, a line of JSON each, and answers with one."""

import json
import sys
from pathlib import Path

sys.path.insert(0, sys.argv[1])
from offline import Client

client = Client(sys.argv[2], sys.argv[3], Path(sys.argv[4]))
following = client.follow()
for line in sys.stdin:
    command, *words = json.loads(line)
    try:
        answer = next(following) if command == "follow" else getattr(client, command)(*words)
    except OSError as error:
        answer = {"failed": str(error)}
    sys.stdout.write(f"{json.dumps(answer)}\n")
    sys.stdout.flush()
