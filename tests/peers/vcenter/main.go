// A vCenter simulator over the packaged govmomi library, with the manners of a real one that the library lacks
// (manners.go, people.go, laid over the library when it is built).
//
// usage: vcenter SETTINGS.json, with the fields of `settings` below. Says "ready" on stdout once it listens.
package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/vmware/govmomi/simulator"
)

type settings struct {
	Listen, Cert, Key                                          string
	Datacenters, Clusters, Hosts, Standalone, Machines, Stores int
	Users                                                      []simulator.Person
}

func read(file string) settings {
	var wanted settings
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &wanted)
	}
	if err != nil {
		log.Fatal(err)
	}
	return wanted
}

func main() {
	log.SetOutput(os.Stderr)
	wanted := read(os.Args[1])
	certificate, err := tls.LoadX509KeyPair(wanted.Cert, wanted.Key)
	if err != nil {
		log.Fatal(err)
	}
	world := simulator.VPX()
	world.Datacenter, world.Cluster, world.ClusterHost = wanted.Datacenters, wanted.Clusters, wanted.Hosts
	world.Host, world.Machine, world.Datastore = wanted.Standalone, wanted.Machines, wanted.Stores
	if err := world.Create(); err != nil {
		log.Fatal(err)
	}
	defer world.Remove()
	simulator.Admit(wanted.Users)
	simulator.Furnish()
	world.Service.Listen = &url.URL{Host: wanted.Listen}
	world.Service.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server := world.Service.NewServer()
	server.Config.Handler = simulator.Faulty(server.Config.Handler)
	fmt.Println("ready")
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
}
