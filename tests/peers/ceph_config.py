"""The configuration of a Ceph on one node: 127.0.0.1 only, everything in one folder, quick to see what died."""

from pathlib import Path

OSD_BYTES = 4 * 1024**3


def text(folder: Path, port: int, fsid: str) -> str:
    """All of it. `port`: the monitor's; the 19 after it are for the other daemons."""
    return f"""
[global]
fsid = {fsid}
mon host = v2:127.0.0.1:{port}/0
public network = 127.0.0.0/8
ms bind msgr1 = false
ms bind port min = {port + 1}
ms bind port max = {port + 19}
auth client required = cephx
auth cluster required = cephx
auth service required = cephx
auth allow insecure global id reclaim = false
keyring = {folder}/$name.keyring
run dir = {folder}
admin socket = {folder}/$name.asok
log file = {folder}/$name.log
mon cluster log file = {folder}/cluster.log
crash dir = {folder}/crash
mon data = {folder}/mon
mgr data = {folder}/mgr
osd data = {folder}/osd-$id
mgr initial modules = balancer
mon allow pool delete = true
mon data avail warn = 5
mon warn on pool no redundancy = false
osd pool default size = 2
osd pool default min size = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd objectstore = bluestore
osd memory target = 939524096
bluestore block size = {OSD_BYTES}
bluestore fsck on mount = false
osd heartbeat interval = 1
osd heartbeat grace = 4
osd mon heartbeat interval = 2
"""
