"""What the switch of `switch_server.py` says, in the words of IOS 12.2."""

INVALID = "                ^\n% Invalid input detected at '^' marker.\n"
LOCKED = (
    "Configuration mode locked exclusively by user 'ada' process '3' from terminal '1'. "
    "Please try later."
)
NO_LLDP = "% LLDP is not enabled"

INTERFACE = """\
{name} is {state}
  Hardware is Gigabit Ethernet, address is {mac} (bia {mac})
{description}{address}\
  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec,
     reliability 255/255, txload 1/255, rxload 1/255
  Encapsulation ARPA, loopback not set
  Keepalive set (10 sec)
  Full-duplex, 1000Mb/s, media type is 10/100/1000BaseTX
  input flow-control is off, output flow-control is unsupported
  Last input 00:00:04, output 00:00:00, output hang never
  Last clearing of "show interface" counters never
  Input queue: 0/75/2/0 (size/max/drops/flushes); Total output drops: 5
  Queueing strategy: fifo
  5 minute input rate 1000 bits/sec, 2 packets/sec
  5 minute output rate 2000 bits/sec, 3 packets/sec
     12345 packets input, 987654 bytes, 0 no buffer
     Received 120 broadcasts (80 multicasts)
     0 runts, 0 giants, 0 throttles
     {errors} input errors, {crc} CRC, 0 frame, 0 overrun, 0 ignored
     0 watchdog, 80 multicast, 0 pause input
     23456 packets output, 1987654 bytes, 0 underruns
     0 output errors, 0 collisions, 2 interface resets
     0 babbles, 0 late collision, 0 deferred"""

ARP = """\
Protocol  Address          Age (min)  Hardware Addr   Type   Interface
Internet  10.20.0.1               5   0012.7f57.0001  ARPA   Vlan1
Internet  10.20.0.2               -   0012.7f57.ad04  ARPA   Vlan1"""

ROUTES = """\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       * - candidate default, U - per-user static route

Gateway of last resort is 10.20.0.1 to network 0.0.0.0

S*    0.0.0.0/0 [1/0] via 10.20.0.1
      10.0.0.0/8 is variably subnetted, 2 subnets, 2 masks
C        10.20.0.0/24 is directly connected, Vlan1
L        10.20.0.2/32 is directly connected, Vlan1"""

CDP = """\
-------------------------
Device ID: core1.example
Entry address(es):
  IP address: 10.20.0.1
Platform: cisco WS-C3750G,  Capabilities: Router Switch IGMP
Interface: GigabitEthernet0/4,  Port ID (outgoing port): GigabitEthernet1/0/7
Holdtime : 150 sec

Version :
Cisco IOS Software, C3750 Software

advertisement version: 2
Duplex: full
Management address(es):
  IP address: 10.20.0.1"""

LLDP = """\
------------------------------------------------
Local Intf: Gi0/4
Chassis id: 0012.7f57.0001
Port id: Gi1/0/7
Port Description: GigabitEthernet1/0/7
System Name: core1.example

System Description:
Cisco IOS Software, C3750 Software (C3750-IPSERVICESK9-M), Version 12.2(55)SE

Time remaining: 95 seconds
System Capabilities: B,R
Enabled Capabilities: B,R
Management Addresses:
    IP: 10.20.0.1
Auto Negotiation - supported, enabled
Physical media capabilities:
    1000baseT(FD)
    100base-TX(FD)
Media Attachment Unit type: 30
Vlan ID: 1

------------------------------------------------
Local Intf: Gi0/1
Chassis id: 0242.ac11.0002
Port id: 0242.ac11.0002
Port Description: eth1
System Name: nas1

System Description:
Debian GNU/Linux 12 (bookworm) Linux 6.1.0 x86_64

Time remaining: 110 seconds
System Capabilities: B,W,R,S
Enabled Capabilities: S
Management Addresses:
    IP: 10.20.0.7
Auto Negotiation - not supported
Physical media capabilities - not advertised
Media Attachment Unit type - not advertised
Vlan ID: - not advertised


Total entries displayed: 2"""
