"""What a guest does to images, through librbd: `python3 ceph_hands.py CONF VERB POOL ...`, under Debian's Python.

`hold POOL IMAGE`: open it as a guest does, with the exclusive lock, until the input ends; says `held` once it is.
`crowd POOL PREFIX COUNT`: so many small images.
`remember POOL PREFIX COUNT`: a snapshot of each of the first so many of these.
"""

import sys

import rados
import rbd

SIZE_BYTES = 8 * 1024 * 1024


def hold(pool: rados.Ioctx, name: str) -> None:
    with rbd.Image(pool, name) as image:
        image.write(b"\xa5" * 4096, 0)  # whoever writes takes the lock
        sys.stdout.write("held\n")
        sys.stdout.flush()
        sys.stdin.read()


def crowd(pool: rados.Ioctx, prefix: str, count: str) -> None:
    for number in range(int(count)):
        rbd.RBD().create(pool, f"{prefix}{number:05}", SIZE_BYTES, old_format=False, features=61)


def remember(pool: rados.Ioctx, prefix: str, count: str) -> None:
    for number in range(int(count)):
        with rbd.Image(pool, f"{prefix}{number:05}") as image:
            image.create_snap("one")


def main(conf: str, verb: str, pool: str, *words: str) -> None:
    with (
        rados.Rados(conffile=conf, rados_id="admin") as cluster,
        cluster.open_ioctx(pool) as opened,
    ):
        {"hold": hold, "crowd": crowd, "remember": remember}[verb](opened, *words)


if __name__ == "__main__":
    main(*sys.argv[1:])
