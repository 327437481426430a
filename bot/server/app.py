"""The web application: Rasa's agent behind our channel, and nothing else of Rasa's web face.

Rasa's own `rasa run` would add a root page, an HTTP API and every channel it knows, and load what
they need. Here one application serves the channels of credentials.yml, nothing more.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.channels.channel import InputChannel, register
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import create_tracker_store
from rasa.core.utils import AvailableEndpoints
from rasa.shared.utils.common import class_from_module_path
from rasa.shared.utils.io import read_config_file
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from bot.server.action_endpoint import ActionEndpoint
from bot.server.conversations import ConversationStore
from bot.server.request_bodies import guard_request_bodies
from bot.server.shortcuts import take_shortcuts


def build_app(model: Path, endpoints_file: Path, credentials_file: Path) -> Sanic:
    """Build the application; the agent is loaded when it starts, before it listens.

    Args:
        model: a trained model, or the folder whose newest model is taken.
        endpoints_file: Rasa's endpoints.yml.
        credentials_file: Rasa's credentials.yml, which names the channels.

    Returns:
        An application to run.
    """
    guard_request_bodies()
    app = Sanic("assistant", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    register(channels_of(credentials_file), app, route="/webhooks/")
    endpoints = AvailableEndpoints.read_endpoints(str(endpoints_file))

    @app.before_server_start
    async def load(app: Sanic, loop: AbstractEventLoop) -> None:
        app.ctx.agent = await load_agent(model, endpoints, loop)

    @app.after_server_stop
    async def close(app: Sanic, loop: AbstractEventLoop) -> None:
        if agent := getattr(app.ctx, "agent", None):
            await close_agent(agent)

    return app


async def load_agent(model: Path, endpoints: AvailableEndpoints, loop: AbstractEventLoop) -> Agent:
    """Load the model and connect it with the stores and the action server.

    Rasa's own `load_agent` imports the drivers of every conversation store it knows, and gives an
    agent without a model when the model can't be loaded; this one raises.

    Raises:
        rasa.exceptions.ModelNotFound: when there is no model.
    """
    take_shortcuts()
    broker = await EventBroker.create(endpoints.event_broker, loop=loop)
    store = create_tracker_store(endpoints.tracker_store, event_broker=broker)
    if isinstance(store, ConversationStore) and _has_other_writers(endpoints.lock_store):
        store.keep = 0
    agent = Agent(
        generator=endpoints.nlg,
        tracker_store=store,
        lock_store=LockStore.create(endpoints.lock_store),
        action_endpoint=endpoints.action and ActionEndpoint(endpoints.action),
    )
    agent.load_model(model)
    return agent


def _has_other_writers(lock_store: EndpointConfig | None) -> bool:
    """Tell whether conversations are locked across processes, as several of them write."""
    return lock_store is not None and lock_store.type != "in_memory"


async def close_agent(agent: Agent) -> None:
    """Close the connections that an agent keeps."""
    if agent.tracker_store.event_broker:
        await agent.tracker_store.event_broker.close()
    if agent.action_endpoint:
        await agent.action_endpoint.close()


def channels_of(credentials_file: Path) -> list[InputChannel]:
    """The channels that credentials.yml names by their class, built from its values."""
    credentials = read_config_file(credentials_file)
    return [
        class_from_module_path(name).from_credentials(values)
        for name, values in credentials.items()
    ]
