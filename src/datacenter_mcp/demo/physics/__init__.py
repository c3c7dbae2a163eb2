"""What follows from what, across platforms: rules that say what an attribute is, given the rest of the world. Pure.

A shut switch port takes a host off the network, with it the VMs on it, with them the nodes of the cluster, with them the
pods. A full volume is a full datastore, and VMs on it stand still.
"""
