"""What leads a Node.js that heeds no proxy variables: a script that it loads before the program's own.

Rule: it changes where a TLS connection to one of the hosts goes, and nothing else; one through a proxy stays.
"""

import json
from typing import TYPE_CHECKING, Final

from usagetwin.hosts import HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from usagetwin_checker.redirect.route import Address

VARIABLE: Final = "NODE_OPTIONS"
SCRIPT: Final = """\
// Leads this Node.js to usagetwin's twin.
'use strict';

const hosts = new Set(%(hosts)s);
const [host, port] = %(address)s;
const tls = require('tls');
const { connect } = tls;

tls.connect = function (...given) {
  const options = { ...given.find((each) => each !== null && typeof each === 'object') };
  if (typeof given[0] !== 'object') options.port = given[0];
  if (typeof given[0] !== 'object' && typeof given[1] === 'string') options.host = given[1];
  const name = String(options.host).toLowerCase().replace(/\\.$/, '');
  if (!hosts.has(name) || Number(options.port) !== 443 || options.socket || options.path) {
    return connect.apply(this, given);
  }
  const led = { ...options, host, port, lookup: undefined, servername: options.servername || name };
  return connect.call(this, led, ...given.filter((each) => typeof each === 'function'));
};
require('module').syncBuiltinESMExports();
"""


def node_options(
    folder: "Path", server: "Address", before: str | None, hosts: "Iterable[str]" = HOSTS
) -> str:
    """Write the script into a folder, and give the options that load it; those that were there stay."""
    file = folder / "usagetwin.cjs"
    told = {"hosts": json.dumps(sorted(hosts)), "address": json.dumps(list(server))}
    file.write_text(SCRIPT % told, encoding="utf-8")
    return " ".join(filter(None, (before, f"--require {json.dumps(str(file))}")))
