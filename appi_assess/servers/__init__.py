"""
The servers that show the notebooks on this machine: JupyterLab, and Voilà without code.
"""
