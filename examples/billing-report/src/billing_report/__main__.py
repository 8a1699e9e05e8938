"""`python -m billing_report`."""

import sys

from billing_report.command import main

sys.exit(main())
