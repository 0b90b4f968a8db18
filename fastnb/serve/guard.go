package serve

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// guard refuses requests that a web page of another site makes a browser send: by the name that they ask for, which
// stops a page whose name was made that of this machine, and by the site that they come from.
type guard struct {
	hosts []string
	cross *http.CrossOriginProtection
}

func newGuard(hosts []string) guard { return guard{hosts, http.NewCrossOriginProtection()} }

// check is an error for requests that are refused.
func (g guard) check(r *http.Request) error {
	if !g.known(r.Host) {
		return failf(http.StatusForbidden, "the request is for the host %q, under which this server is not known; "+
			"use its IP address or localhost, or start it with that name (fastnb serve -host NAME)", r.Host)
	}
	if g.cross.Check(r) != nil {
		return failf(http.StatusForbidden, "the request comes from a web page of another site; "+
			"use the page of this server, or send the request from a program")
	}
	return nil
}

// known tells whether a host is an IP address, this machine, or a name that was given.
func (g guard) known(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if _, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil || name == "localhost" {
		return true
	}
	return slices.ContainsFunc(g.hosts, func(h string) bool { return h == "*" || strings.EqualFold(h, name) })
}
