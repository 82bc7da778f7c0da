"""What every request carries: who asks, the business date, the date looked at."""

from __future__ import annotations


class Standing:
    """Puts `standing`, `today` and `as_of` on the request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
