package page

import (
	"strings"

	"waymark/trust/access"
)

// navigation returns the links that the person may follow.
func (r *Request) navigation() (site, programme, round []Link) {
	if r.Account == nil {
		return nil, nil, nil
	}
	for _, l := range r.site.links {
		switch l.Level {
		case Site:
			if r.MayOn(l.Action, access.Resource{}) || !l.System && r.mayAnywhere(l.Action) {
				site = append(site, r.link(l, l.Path))
			}
		case Programme:
			if r.Programme != nil && r.Round == nil && r.May(l.Action) {
				programme = append(programme, r.link(l, Path(l.Path, "programme", r.Programme.ID)))
			}
		case Round:
			if r.Round != nil && r.May(l.Action) {
				href := strings.ReplaceAll(l.Path, "{programme}", r.Round.Programme.String())
				round = append(round, r.link(l, Path(href, "round", r.Round.ID)))
			}
		}
	}
	markNearest(site, r.URL.Path)
	markNearest(programme, r.URL.Path)
	markNearest(round, r.URL.Path)
	return site, programme, round
}

func (r *Request) link(l NavLink, href string) Link {
	return Link{Text: r.Text(l.Key), Href: href}
}

// mayAnywhere says whether the action is allowed in any programme that the person is
// in.
func (r *Request) mayAnywhere(a access.Action) bool {
	p := r.Principal
	p.Fresh, p.Strong = true, true
	for _, m := range p.Members {
		if m.Programme != 0 && r.House.Policies.Allow(p, a, access.Resource{Programme: m.Programme}) {
			return true
		}
	}
	return false
}

// markNearest marks the link with the longest path that the page lies at or under.
func markNearest(links []Link, path string) {
	best := -1
	for i, l := range links {
		at := l.Href == path || l.Href != "/" && strings.HasPrefix(path, strings.TrimSuffix(l.Href, "/")+"/")
		if at && (best < 0 || len(l.Href) > len(links[best].Href)) {
			best = i
		}
	}
	if best >= 0 {
		links[best].Current = true
	}
}

// Trail is the breadcrumbs of the page, from the start page down, without the page
// itself.
func (v *View) Trail() []Crumb {
	if v.Account == nil || v.URL.Path == "/" {
		return nil
	}
	trail := []Crumb{{Text: v.Text("page.nav.start"), Href: "/"}}
	if v.Programme != nil && v.May("programme.view") {
		trail = append(trail, Crumb{Text: v.Programme.Name, Href: Path("/programmes/{programme}", "programme", v.Programme.ID)})
	}
	if v.Round != nil && v.May("round.view") {
		trail = append(trail, Crumb{Text: v.Round.Name, Href: Path("/rounds/{round}", "round", v.Round.ID)})
	}
	trail = append(trail, v.Crumbs...)
	if last := len(trail) - 1; trail[last].Href == v.URL.Path {
		trail = trail[:last]
	}
	return trail
}
