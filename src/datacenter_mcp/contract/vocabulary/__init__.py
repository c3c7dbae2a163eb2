"""The words of each platform: which kinds of resources there are, and what is said about each, in our terms and units.

One module per platform. Rooms answer in these words only, whatever the vendor calls things, so that runbooks,
documents and the demo datacenter mean the same by them. The contract suite compares every room with its module.
"""
