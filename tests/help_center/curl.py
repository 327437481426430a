"""As much of curl as docs/channel.md uses, for machines that lack it."""

from __future__ import annotations

import argparse
import sys

import requests

parser = argparse.ArgumentParser()
parser.add_argument("url")
parser.add_argument("-s", action="store_true")
parser.add_argument("-X", dest="method")
parser.add_argument("-H", dest="headers", action="append", default=[])
parser.add_argument("-d", dest="data")
asked = parser.parse_args()
headers = dict(header.split(": ", 1) for header in asked.headers)
method = asked.method or ("POST" if asked.data else "GET")
data = asked.data.encode() if asked.data else None
sys.stdout.write(requests.request(method, asked.url, headers=headers, data=data, timeout=20).text)
