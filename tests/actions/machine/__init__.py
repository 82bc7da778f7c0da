"""A machine that plays customers, the bank and the desk in any order, and knows the truth.

truth.py is what really happened, in plain values; desk.py does what people of the desk do;
paying.py, banking.py and cheques.py are the machine's steps; holding.py what must hold after each.
"""
