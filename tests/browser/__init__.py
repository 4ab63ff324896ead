"""
What a user sees in a browser: servers of the kit, a real Chromium, nothing from elsewhere.
"""
