"""Implementations of ``connect`` that owe nothing to the reference, nor to one another.

Each is built on another HTTP library, opens its connections in another way, and reads and adds rows
by other doors of the target; the suite must find nothing wrong with any of them. Beside each are
implementations that make a mistake which its library invites.
"""
