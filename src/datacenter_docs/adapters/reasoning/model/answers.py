"""What a model may answer. It is a value: it says and proposes, and nothing in it acts."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(max_length=2_000)]
Label = Annotated[str, Field(max_length=300)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ProposedAction(_Answer):
    """One operation of the catalogue on one resource that was shown."""

    operation: Annotated[str, Field(max_length=100)]
    resource: Annotated[str, Field(max_length=300, description="The resource's label, like r1.")]
    parameters: dict[str, Any] = {}


class Rejected(_Answer):
    """A cause that was considered, and why it is not it."""

    cause: Text
    why: Text


class DiagnosisAnswer(_Answer):
    """The diagnosis of a ticket. Write values only as [label], never as digits."""

    cause: Annotated[
        Text | None, Field(description="The cause in one sentence. Null when it is not known.")
    ]
    summary: Annotated[
        Text, Field(description="What an engineer on call reads: short, with [label] citations.")
    ]
    evidence: Annotated[
        list[Label],
        Field(
            max_length=30, description="Labels of the values that prove the cause, like r1.status."
        ),
    ] = []
    rejected: Annotated[list[Rejected], Field(max_length=10)] = []
    action: Annotated[
        ProposedAction | None,
        Field(description="Null when nothing should be done by a machine."),
    ] = None
    confidence: Annotated[
        float, Field(ge=0, le=1, allow_inf_nan=False, description="How sure you are of the cause.")
    ]
    questions: Annotated[
        list[Text], Field(max_length=5, description="What a person should look at.")
    ] = []


class ProseAnswer(_Answer):
    """A summary of values. Write values only as [label], never as digits."""

    text: Text
