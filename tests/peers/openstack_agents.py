"""Reports an Open vSwitch agent as alive for each host name, so that Neutron binds ports on hosts that only pretend.

Runs under Debian's Python, whose packages Neutron is: `python3 openstack_agents.py NEUTRON_CONF HOST...`
"""

import sys

import eventlet

eventlet.monkey_patch()

from neutron.agent import rpc  # noqa: E402
from neutron.common import config  # noqa: E402
from neutron.conf.agent import common  # noqa: E402
from neutron_lib import context  # noqa: E402
from neutron_lib.agent import topics  # noqa: E402
from oslo_config import cfg  # noqa: E402

PAUSE_SECONDS = 15
SETTINGS = {
    "bridge_mappings": {}, "tunnel_types": ["vxlan"], "tunneling_ip": "127.0.0.1",
    "integration_bridge": "br-int", "datapath_type": "system", "vhostuser_socket_dir": "/none",
    "ovs_hybrid_plug": False,
}  # fmt: skip


def main(settings: str, hosts: list[str]) -> None:
    """Report for ever; the first report says that the agent was just started."""
    config.register_common_config_options()
    common.register_agent_state_opts_helper(cfg.CONF)
    config.init(["--config-file", settings])
    neutron = rpc.PluginReportStateAPI(topics.REPORTS)
    first = {"start_flag": True}
    while True:
        for host in hosts:
            state = {"binary": "neutron-openvswitch-agent", "host": host, "topic": "N/A",
                     "agent_type": "Open vSwitch agent", "configurations": SETTINGS, **first}  # fmt: skip
            neutron.report_state(context.get_admin_context_without_session(), state, True)
        first = {}
        eventlet.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
