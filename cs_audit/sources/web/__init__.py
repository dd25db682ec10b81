"""Reading helpdesks over HTTP: one client for all connectors, and their secrets.

`client` asks (nothing but GET and declared searches), `retries` asks again, `limits` and `gate` wait as the
helpdesk says, `body` reads answers within bounds, `pages` shrinks pages, `parallel` asks several things at once,
`progress` tells about it, `secret`, `reference` and `auth` keep tokens out of sight. Nothing is imported here:
the configuration needs `reference` alone, without the HTTP library.
"""
