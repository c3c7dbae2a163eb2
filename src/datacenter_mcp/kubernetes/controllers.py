"""The shapes of what keeps pods (deployments and the like), and of what limits their number (autoscalers, quotas)."""

from typing import Any

from datacenter_mcp.kubernetes.answers import (
    Condition,
    Object,
    Part,
    Quantities,
    Selector,
    Template,
)


class Strategy(Part):
    """How pods are replaced."""

    type: str = "RollingUpdate"


class WorkloadSpec(Part):
    """What a deployment, statefulset or replicaset shall be; a daemonset has no number of its own."""

    replicas: int = 1
    selector: Selector = Selector()
    template: Template = Template()
    paused: bool = False
    strategy: Strategy = Strategy()


class WorkloadStatus(Part):
    """What a deployment, statefulset or replicaset is."""

    observed_generation: int | None = None
    replicas: int = 0
    ready_replicas: int = 0
    updated_replicas: int = 0
    available_replicas: int | None = None
    conditions: list[Condition] = []


class Workload(Object):
    """A deployment, statefulset or replicaset."""

    spec: WorkloadSpec = WorkloadSpec()
    status: WorkloadStatus = WorkloadStatus()

    def condition(self, name: str) -> Condition | None:
        """A condition by its type; None: it has none such."""
        return next((one for one in self.status.conditions if one.type == name), None)


class DaemonStatus(Part):
    """What a daemonset is."""

    observed_generation: int | None = None
    desired_number_scheduled: int = 0
    number_ready: int = 0
    updated_number_scheduled: int = 0
    number_available: int = 0


class DaemonSet(Object):
    """A daemonset."""

    spec: WorkloadSpec = WorkloadSpec()
    status: DaemonStatus = DaemonStatus()


class JobSpec(Part):
    """What a job shall do."""

    completions: int | None = None
    suspend: bool = False
    selector: Selector = Selector()
    template: Template = Template()


class JobStatus(Part):
    """How far a job is."""

    active: int = 0
    succeeded: int = 0
    failed: int = 0
    start_time: str | None = None
    completion_time: str | None = None
    conditions: list[Condition] = []


class Job(Object):
    """A job."""

    spec: JobSpec = JobSpec()
    status: JobStatus = JobStatus()


class ScaleTarget(Part):
    """Whose number of pods it is."""

    kind: str
    name: str


class AutoscalerSpec(Part):
    """What an autoscaler shall do."""

    scale_target_ref: ScaleTarget


class Autoscaler(Object):
    """A horizontal pod autoscaler."""

    spec: AutoscalerSpec


class QuotaStatus(Part):
    """What may be used, and what is."""

    hard: Quantities = {}
    used: Quantities = {}


class Quota(Object):
    """A resource quota. With `scopes` it holds for some pods only."""

    class Spec(Part):
        """Whom it holds for."""

        scopes: list[str] = []
        scope_selector: dict[str, Any] | None = None

    spec: Spec = Spec()
    status: QuotaStatus = QuotaStatus()
