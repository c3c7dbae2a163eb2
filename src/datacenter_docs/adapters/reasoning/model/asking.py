"""One conversation with a model: within its budget, recorded, and every failure a sentence. Called by diagnosing and phrasing.

The record holds all that was said, without secrets, so that an answer can be explained and played again later.
"""

import time
import warnings
from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

import yaml
from pydantic_ai import (
    Agent,
    AgentStreamEvent,
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRetry,
    PartDeltaEvent,
    PartStartEvent,
    RunContext,
    ToolOutput,
    UsageLimits,
    capture_run_messages,
)
from pydantic_ai.exceptions import (
    CostNotFoundWarning,
    ModelAPIError,
    RunTimedOut,
    UnexpectedModelBehavior,
    UsageLimitExceeded,
    UsageLimitUnavailableWarning,
)
from pydantic_ai.models import Model
from pydantic_ai.usage import RunUsage

from datacenter_docs.adapters.reasoning.model.tools import Redact, Tool
from datacenter_docs.domain.model_calls import Budget, CallOutcome, ModelCall
from datacenter_docs.domain.prose import UnprovedError
from datacenter_docs.ports.clock import Clock
from datacenter_docs.ports.model_calls import ModelCalls

Output = TypeVar("Output")
Taken = TypeVar("Taken")

ATTEMPTS = 2
"""How often an answer outside the rules may be made again, with what was wrong told."""
LONGEST_ANSWER = 64_000
"""Characters of one answer, calls of tools included: several times what the most tokens of an answer hold."""
LONGEST_RECORD = 1_000_000
"""Bytes of one message that are recorded."""
ANSWER = "answer"
"""The tool by which a model gives its answer."""
DAY = timedelta(hours=24)
PROMPTS = Path(__file__).parents[1] / "prompts"


@dataclass(frozen=True, slots=True)
class Question(Generic[Output, Taken]):
    """What is asked. `prompt`: the name of the prompt file; `text`: what it is about, without secrets; `take`: turns the
    answer into ours, or raises `UnprovedError` with what is wrong.
    """

    prompt: str
    subject: str
    text: str
    output: type[Output]
    take: Callable[[Output], Awaitable[Taken]]
    tools: Sequence[Tool] = ()


class NoAnswerError(Exception):
    """There is no answer of a model; the message is a sentence for people."""


class Asking:
    """Asks a model."""

    def __init__(
        self,
        model: Callable[[], Model],
        name: str,
        calls: ModelCalls,
        clock: Clock,
        budget: Budget,
        redact: Redact,
    ) -> None:
        self._model = model
        self._calls = calls
        self._clock = clock
        self._budget = budget
        self._redact = redact
        self.name = name

    async def ask(self, question: Question[Output, Taken]) -> Taken:
        """What `take` made of the answer. Raises `NoAnswerError`, after the call was recorded."""
        call = ModelCall(
            call_id=self._clock.new_id(),
            at=self._clock.now(),
            purpose=question.prompt,
            subject=question.subject,
            model=self.name,
            outcome=CallOutcome.NOT_ASKED,
        )
        spent_up = self._budget.spent_up(await self._calls.spent(call.at - DAY))
        if spent_up is not None:
            await self._calls.add(call.replaced(error=spent_up))
            raise NoAnswerError(spent_up)
        usage, begun = RunUsage(), time.perf_counter()
        with capture_run_messages() as messages:
            made, outcome, error = await self._run(question, usage)
        await self._calls.add(
            call.replaced(
                outcome=outcome,
                error=error,
                messages=self._redact(_written(messages)),
                requests=usage.requests,
                input_tokens=usage.input_tokens,
                output_tokens=usage.output_tokens,
                usd=None if usage.cost is None else float(usage.cost),
                seconds=round(time.perf_counter() - begun, 3),
            )
        )
        if error is not None:
            raise NoAnswerError(error)
        return made[-1]

    async def _run(
        self, question: Question[Output, Taken], usage: RunUsage
    ) -> tuple[Sequence[Taken], CallOutcome, str | None]:
        """What was made of the answers, the last one last; how it ended, and why it is not an answer."""
        made: list[Taken] = []
        agent = Agent(
            # A tool with a schema, whatever else a provider offers: what is strict there refuses open objects.
            output_type=ToolOutput(question.output, name=ANSWER, strict=False),
            instructions=instructions(question.prompt),
            tools=question.tools,
            retries=ATTEMPTS,
        )

        @agent.output_validator
        async def check(answer: Output) -> Output:
            try:
                made.append(await question.take(answer))
            except UnprovedError as error:
                raise ModelRetry(str(error)) from error
            return answer

        try:
            with warnings.catch_warnings():
                # A model whose price nobody knows has a budget of tokens alone, as the settings say.
                warnings.simplefilter("ignore", CostNotFoundWarning)
                warnings.simplefilter("ignore", UsageLimitUnavailableWarning)
                async with self._model() as model:
                    await agent.run(
                        question.text,
                        model=model,
                        usage=usage,
                        usage_limits=self._limits(),
                        timeout=self._budget.max_seconds,
                        event_stream_handler=_drained,
                    )
        # A door where everything is caught: here a stranger's bytes meet libraries of third parties, which let anything through.
        except Exception as error:  # noqa: BLE001 - none of it may cost the offline diagnosis, nor the record of what was spent
            return (), *self._failed(error)
        return made, CallOutcome.ANSWERED, None

    def _limits(self) -> UsageLimits:
        budget = self._budget
        return UsageLimits(
            cost_limit=Decimal(str(budget.max_usd)),
            request_limit=budget.max_requests,
            tool_calls_limit=budget.max_requests * 4,
            total_tokens_limit=budget.max_tokens,
        )

    def _failed(self, error: Exception) -> tuple[CallOutcome, str]:
        """What happened, without the provider's own words: they may hold anything."""
        if isinstance(error, RunTimedOut):
            seconds = self._budget.max_seconds
            return CallOutcome.FAILED, f"it did not answer within {seconds:g} seconds."
        if isinstance(error, UsageLimitExceeded):
            return CallOutcome.REFUSED, "it used up the budget of one question without an answer."
        if isinstance(error, UnexpectedModelBehavior):
            return CallOutcome.REFUSED, "its answers were outside the rules."
        if isinstance(error, ModelAPIError):
            return CallOutcome.FAILED, f"the provider answered {_kind(error)}."
        return CallOutcome.FAILED, f"it failed: {type(error).__name__}."


async def _drained(_: RunContext[object], events: AsyncIterable[AgentStreamEvent]) -> None:
    """Answers are streamed, so that one that does not end is cut off while it comes, and no proxy takes it for dead. How long it
    is we count ourselves: how many tokens it had is only what the provider says.
    """
    characters = 0
    async for event in events:
        if isinstance(event, PartStartEvent):
            characters += _said(event.part, "content", "args", "tool_name")
        elif isinstance(event, PartDeltaEvent):
            characters += _said(event.delta, "content_delta", "args_delta", "tool_name_delta")
        if characters > LONGEST_ANSWER:
            raise UsageLimitExceeded(f"an answer of more than {LONGEST_ANSWER} characters")


def _said(part: object, *names: str) -> int:
    """The characters of a part of an answer."""
    return sum(len(text) for name in names if isinstance(text := getattr(part, name, None), str))


@lru_cache(maxsize=8)
def instructions(prompt: str) -> str:
    """The text of a prompt file, without what stands at its top."""
    _, _, text = (PROMPTS / f"{prompt}.md").read_text("utf-8").split("---\n", 2)
    return text.strip()


@lru_cache(maxsize=8)
def about(prompt: str) -> dict[str, str]:
    """What stands at the top of a prompt file: purpose, output and score."""
    _, head, _ = (PROMPTS / f"{prompt}.md").read_text("utf-8").split("---\n", 2)
    told: dict[str, str] = yaml.safe_load(head)
    return told


def _kind(error: ModelAPIError) -> str:
    """The class of the error and its status; the body is the provider's, and is left out."""
    status = getattr(error, "status_code", None)
    name = type(error).__name__.removeprefix("Model").removesuffix("Error")
    return f"with {name}" + (f" ({status})" if status else "")


def _written(messages: list[ModelMessage]) -> str:
    """As JSON, without an answer that was cut off for its length."""
    kept = [
        one for one in messages if len(ModelMessagesTypeAdapter.dump_json([one])) <= LONGEST_RECORD
    ]
    return ModelMessagesTypeAdapter.dump_json(kept).decode()
