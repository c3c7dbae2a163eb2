"""What a vCenter is really like, and changes behind everybody's back: the SDK as an administrator, past all that is under test."""

import ssl
import time
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

from pyVmomi import SoapStubAdapter, vim, vmodl
from tests.peers.vcenter import ADMIN, PASSWORD, VCenter

Collector = vmodl.query.PropertyCollector


class Oracle:
    """One login as administrator."""

    def __init__(self, lab: VCenter) -> None:
        trusting = ssl.create_default_context(cafile=str(lab.certificate))
        self._stub = SoapStubAdapter(
            host="127.0.0.1", port=lab.port, version="vim.version.version11", sslContext=trusting
        )
        self.content = vim.ServiceInstance("ServiceInstance", self._stub).RetrieveContent()
        self.content.sessionManager.Login(ADMIN, PASSWORD)

    def close(self) -> None:
        """A login that is gone is fine."""
        try:
            self.content.sessionManager.Logout()
        except (vmodl.MethodFault, OSError, HTTPException):
            pass
        finally:
            self._stub.DropConnections()

    def vms(self) -> dict[str, str]:
        """Name -> native id of every VM."""
        view = self.content.viewManager.CreateContainerView(
            self.content.rootFolder, [vim.VirtualMachine], True
        )
        there = Collector.TraversalSpec(type=vim.view.ContainerView, path="view", skip=False)
        start = Collector.ObjectSpec(obj=view, skip=True, selectSet=[there])
        found = self._retrieve(start, vim.VirtualMachine, ["name"])
        return {one.propSet[0].val: one.obj._GetMoId() for one in found}

    def vm(self, native: str) -> Any:
        """The SDK's stand-in."""
        return vim.VirtualMachine(native, self._stub)

    def read(self, native: str, path: str) -> Any:
        """A property of a VM; None: it is not set. (Never as an attribute: the simulator drops the connection then.)"""
        start = Collector.ObjectSpec(obj=self.vm(native), skip=False)
        [one] = self._retrieve(start, vim.VirtualMachine, [path])
        return one.propSet[0].val if one.propSet else None

    def memory(self, native: str) -> int:
        return int(self.read(native, "config.hardware.memoryMB"))

    def cpus(self, native: str) -> int:
        return int(self.read(native, "config.hardware.numCPU"))

    def power(self, native: str) -> str:
        return str(self.read(native, "runtime.powerState"))

    def snapshots(self, native: str) -> list[str]:
        """The names of the snapshots that have no parent."""
        info = self.read(native, "snapshot")
        return [] if info is None else [one.name for one in info.rootSnapshotList]

    def reboots(self, native: str) -> int:
        """How often the platform was asked to restart the guest."""
        return self._happened(native, "VmGuestRebootEvent")

    def resets(self, native: str) -> int:
        return self._happened(native, "VmResettingEvent")

    def reconfigure(self, native: str, **fields: Any) -> None:
        """Change a VM, as somebody else would."""
        task = self.vm(native).ReconfigVM_Task(vim.vm.ConfigSpec(**fields))
        self._until(lambda: self._state(task) == "success")

    def switch(self, native: str, *, on: bool) -> None:
        """Switch a VM on or off, unless it is so."""
        if (self.power(native) == "poweredOn") is not on:
            vm = self.vm(native)
            task = vm.PowerOnVM_Task() if on else vm.PowerOffVM_Task()
            self._until(lambda: self._state(task) == "success")

    def take_snapshot(self, native: str, name: str) -> None:
        task = self.vm(native).CreateSnapshot_Task(name, "", False, False)
        self._until(lambda: self._state(task) == "success")

    def mend(self, native: str) -> None:
        """A VM as it was made: no snapshots, 32 MiB, one CPU, no hot add, on."""
        self.switch(native, on=False)
        self.vm(native).RemoveAllSnapshots_Task()
        self.reconfigure(native, memoryMB=32, numCPUs=1, memoryHotAddEnabled=False, cpuHotAddEnabled=False)  # fmt: skip
        self.switch(native, on=True)

    def _happened(self, native: str, kind: str) -> int:
        wanted = vim.event.EventFilterSpec(
            entity=vim.event.EventFilterSpec.ByEntity(entity=self.vm(native), recursion="self"),
            eventTypeId=[kind],
            maxCount=1000,
        )
        return len(self.content.eventManager.QueryEvents(wanted))

    def _state(self, task: Any) -> str:
        start = Collector.ObjectSpec(obj=task, skip=False)
        [one] = self._retrieve(start, vim.Task, ["info.state"])
        return str(one.propSet[0].val)

    def _retrieve(self, start: Any, kind: Any, paths: list[str]) -> Any:
        wanted = Collector.PropertySpec(type=kind, pathSet=paths, all=False)
        specification = Collector.FilterSpec(objectSet=[start], propSet=[wanted])
        return self.content.propertyCollector.RetrieveContents([specification])

    def _until(self, wanted: Callable[[], bool]) -> None:
        end = time.monotonic() + 10
        while not wanted():
            assert time.monotonic() < end
            time.sleep(0.01)
