"""The example department: one budget, one year of vouchers, one contract register.

The projects, their budgets and spending, and the contracts named in part four follow a
published 2020 performance report.  Every voucher, every other supplier and every contract
term that the report does not state is invented.
"""
