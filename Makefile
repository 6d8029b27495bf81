# The work is done by `python3 -m dev`, which tells more: python3 -m dev --help
# Variables: DB=name PORT=number TESTS="tests/test_x.py /addon:Class" LANES=1
#   ODOO_HOME=folder
PYTHON ?= python3
export DB PORT TESTS LANES

.PHONY: run test bench lint stop clean setup
run test bench lint stop clean setup:
	@$(PYTHON) -m dev $@
