"""The side navigation, by what the person may see."""


def context(request):
    """Template context every page has."""
    return {"nav": []}
