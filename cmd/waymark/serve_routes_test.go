package main

import (
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"waymark/internal/ids"
	"waymark/trust/access"
	"waymark/web/page"
)

var updateRoutes = flag.Bool("update-routes", false, "write testdata/access/routes.txt anew")

// TestEveryRouteByRoleAndRelation holds who may take which route against a table
// that people can read: every route of the running server, for every role, in the
// own programme and in another, for visitors and for phones. Promise 4.
func TestEveryRouteByRoleAndRelation(t *testing.T) {
	r := newRunning(t)
	policies, err := access.Load()
	if err != nil {
		t.Fatal(err)
	}
	const here, elsewhere, whole = ids.ID(11), ids.ID(12), ids.ID(0)
	var b strings.Builder
	b.WriteString("# Who may take which route, signed in with a second factor and freshly proved.\n" +
		"# Written by: go test ./cmd/waymark -run EveryRoute -update-routes\n" +
		"# own: members of the thing's programme; all: members of the whole system;\n" +
		"# other: members of another programme. What stands nowhere is denied.\n")
	var lines []string
	for _, route := range r.routes {
		var by []string
		relation := func(name string, resource access.Resource, member ids.ID) {
			var roles []string
			for _, role := range append(slices.Clone(access.Roles), access.Tour) {
				p := access.Principal{Account: 7, Strong: true, Fresh: true, Members: []access.Membership{{Programme: member, Role: role}}}
				if policies.Allow(p, route.Action, resource) {
					roles = append(roles, string(role))
				}
			}
			if len(roles) == len(access.Roles)+1 {
				roles = []string{"everyone"}
			}
			if len(roles) > 0 {
				by = append(by, name+": "+strings.Join(roles, " "))
			}
		}
		resource := access.Resource{Programme: here, Proposer: 8}
		if route.Of == nil || reflect.ValueOf(route.Of).Pointer() == reflect.ValueOf(page.OfSystem).Pointer() {
			resource = access.Resource{}
			relation("all", resource, whole)
			relation("own", resource, here)
		} else {
			relation("own", resource, here)
			relation("all", resource, whole)
			relation("other", resource, elsewhere)
			matterRelations(policies, route.Action, resource, relation)
		}
		if policies.Allow(access.Principal{}, route.Action, resource) {
			by = append(by, "visitors")
		}
		if linked := resource; !policies.Allow(access.Principal{}, route.Action, resource) {
			if linked.Link = true; policies.Allow(access.Principal{}, route.Action, linked) {
				by = append(by, "visitors with a link")
			}
		}
		if policies.Allow(access.Principal{Enumerator: 9}, route.Action, resource) {
			by = append(by, "phones of others")
		}
		if len(by) == 0 {
			t.Errorf("nobody may take %s", route.Pattern)
		}
		lines = append(lines, fmt.Sprintf("%s | %s | %s\n", route.Pattern, route.Action, strings.Join(by, "; ")))
	}
	slices.Sort(lines)
	b.WriteString(strings.Join(lines, ""))
	const file = "testdata/access/routes.txt"
	if *updateRoutes {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		for _, line := range lines {
			if !strings.Contains(string(want), line) {
				t.Errorf("not in the table: %s", line)
			}
		}
		t.Errorf("%s is not what the policies say; look at the difference, then write it with -update-routes", file)
	}
	if len(lines) < 100 {
		t.Errorf("only %d routes", len(lines))
	}
	for _, line := range lines {
		if _, other, ok := strings.Cut(line, "other: "); ok && !strings.HasPrefix(other, "everyone") {
			t.Errorf("members of another programme may: %s", line)
		}
	}
}

// matterRelations adds the relations to a matter in which an action is decided
// otherwise than for somebody who has none.
func matterRelations(p *access.Policies, a access.Action, on access.Resource, add func(string, access.Resource, ids.ID)) {
	decisions := func(r access.Resource) (all []bool) {
		for _, role := range append(slices.Clone(access.Roles), access.Tour) {
			who := access.Principal{Account: 7, Strong: true, Fresh: true, Members: []access.Membership{{Programme: r.Programme, Role: role}}}
			all = append(all, p.Allow(who, a, r))
		}
		return all
	}
	without := decisions(on)
	for _, r := range []struct {
		name string
		set  func(*access.Resource)
	}{
		{"own and assigned", func(r *access.Resource) { r.Assigned = true }},
		{"own and of their agency", func(r *access.Resource) { r.Agency = true }},
		{"own and shared", func(r *access.Resource) { r.Shared = true }},
		{"own and broken open", func(r *access.Resource) { r.Glass = true }},
	} {
		related := on
		r.set(&related)
		if !slices.Equal(decisions(related), without) {
			add(r.name, related, on.Programme)
		}
	}
}
