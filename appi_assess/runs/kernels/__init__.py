"""
Where notebooks run: a process of its own for each, forked warm where the system can, over private sockets.
"""
