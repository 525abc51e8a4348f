package definition

import (
	"slices"
	"strings"

	"waymark/internal/fault"
)

// entityRequest is where an entity would like to be: at wanted, or else in a
// container around it, up to scope. at is where it is put.
type entityRequest struct {
	list          *entityList
	wanted, scope *Element
	saves         []*Element // the containers of the questions saved to it
	inner         bool       // it refers to answers of a repeat inside its scope
	at            *Element
}

// settle finds the scope of a list: the innermost repeat that its links are
// in, or the survey. Every link must be in that repeat or in one around it, and
// all saved questions in one and the same. The entity belongs to the innermost
// container that holds all saved questions, or, where nothing is saved, to the
// innermost that it refers to.
func (p *entityPlan) settle(l *entityList) *entityRequest {
	root := p.form.Root
	if len(l.links) == 0 {
		return &entityRequest{list: l, wanted: root, scope: root}
	}
	var deepest, saved *entityLink
	for i := range l.links {
		link := &l.links[i]
		if deepest == nil || repeatsAround(link.container) > repeatsAround(deepest.container) {
			deepest = link
		}
		if link.property != "" && (saved == nil || repeatsAround(link.container) > repeatsAround(saved.container)) {
			saved = link
		}
	}
	if !p.compatible(l, deepest, saved) {
		return nil
	}
	q := &entityRequest{list: l, scope: boundary(deepest.container)}
	if saved == nil {
		q.wanted = deepest.container
		for _, link := range l.links {
			if boundary(link.container) == q.scope && depth(link.container) > depth(q.wanted) {
				q.wanted = link.container
			}
		}
		return q
	}
	for _, link := range l.links {
		if link.property == "" {
			continue
		}
		q.saves = append(q.saves, link.container)
		if q.wanted == nil {
			q.wanted = link.container
		}
		q.wanted = sharedContainer(q.wanted, link.container)
	}
	if inner := boundary(saved.container); inner != q.scope {
		q.scope, q.inner = inner, true
		p.warnInnerReference(l, deepest, inner)
	}
	return q
}

// compatible reports every link that lies outside the repeat of the others.
func (p *entityPlan) compatible(l *entityList, deepest, saved *entityLink) bool {
	ok := true
	scope := boundary(deepest.container)
	const remedy = "check the list's name and the references; to use an answer from another repeat, copy it with a calculate question inside the repeat"
	for _, link := range l.links {
		around := boundary(link.container)
		switch {
		case link.property != "" && (!within(scope, around) || around != boundary(saved.container)):
			other := deepest
			if within(scope, around) {
				other = saved
			}
			ok = false
			p.fault(link.place, remedy,
				"entity list '%s' cannot take '%s' from %s, since it also takes or refers to '%s' in %s",
				l.name, link.question, pathOf(link.container), other.question, pathOf(other.container))
		case link.property == "" && !within(scope, around):
			ok = false
			p.fault(link.place, remedy,
				"entity list '%s' refers to ${%s} in %s, and to '%s' in %s: one entity cannot come from both",
				l.name, link.question, pathOf(link.container), deepest.question, pathOf(deepest.container))
		}
	}
	return ok
}

// place gives every request a container of its own, in the order of the
// entities sheet, those that refer to an inner repeat last, and reports those
// that find none. It tells whether all did.
func (p *entityPlan) place(requests []*entityRequest) bool {
	if len(requests) == 1 && requests[0].scope == p.form.Root {
		requests[0].at = p.form.Root
		return true
	}
	taken := map[*Element]*entityList{}
	ok := true
	ordered := slices.Clone(requests)
	slices.SortStableFunc(ordered, func(a, b *entityRequest) int {
		switch {
		case a.inner == b.inner:
			return 0
		case b.inner:
			return -1
		}
		return 1
	})
	for _, q := range ordered {
		if other := q.claim(taken); other != nil {
			ok = false
			p.fault(q.list.place,
				"let the two lists save or refer to questions of different groups, or put the questions of one list into a group of their own",
				"entity list '%s' finds no place in %s: list '%s' in row %d has it, and each group, repeat or survey holds one entity",
				q.list.name, pathOf(q.scope), other.name, other.place.Row)
		}
	}
	return ok
}

// claim takes the innermost free container from wanted up to scope, and all
// that lie between it and the saved questions. It returns the list that stands
// in the way if there is no such container.
func (q *entityRequest) claim(taken map[*Element]*entityList) *entityList {
	var other *entityList
	for at := q.wanted; ; at = at.Parent {
		if taken[at] == nil {
			q.at = at
			break
		}
		other = taken[at]
		for _, s := range q.saves {
			if taken[s] != nil {
				return taken[s]
			}
		}
		if at == q.scope {
			return other
		}
	}
	taken[q.at] = q.list
	for _, s := range q.saves {
		for ; s != q.at; s = s.Parent {
			taken[s] = q.list
		}
	}
	return nil
}

// checkSaved warns of a question that is nearer to another list's entity than
// to the one it is saved to, since a server saves it to the nearest.
func (p *entityPlan) checkSaved(requests []*entityRequest) {
	at := map[*Element]*entityList{}
	for _, q := range requests {
		at[q.at] = q.list
	}
	for _, q := range requests {
		for _, link := range q.list.links {
			if link.property == "" {
				continue
			}
			near := link.container
			for near != nil && at[near] == nil {
				near = near.Parent
			}
			if near != nil && at[near] != q.list {
				p.form.Warnings = append(p.form.Warnings, fault.New(fault.Invalid, link.place,
					"the answer would be saved to entity list \""+at[near].name+"\", which is made nearer to it than list \""+q.list.name+"\"",
					"put the questions of each list into a group of their own"))
			}
		}
	}
}

func (p *entityPlan) warnInnerReference(l *entityList, deepest *entityLink, inner *Element) {
	p.form.Warnings = append(p.form.Warnings, fault.New(fault.Invalid, l.place,
		"entity list \""+l.name+"\" is made once in "+pathOf(inner)+" but refers to ${"+deepest.question+"}, which is repeated inside it: the first answer is used",
		"save the questions of the repeat to a list of their own, or refer to questions outside it"))
}

// boundary is the innermost repeat around or at a container, or the survey.
func boundary(at *Element) *Element {
	for at.Kind != Repeat && at.Parent != nil {
		at = at.Parent
	}
	return at
}

// within tells whether a container is at or inside another.
func within(at, outer *Element) bool {
	for at != nil && at != outer {
		at = at.Parent
	}
	return at == outer
}

// repeatsAround counts the repeats at and around a container.
func repeatsAround(at *Element) int {
	n := 0
	for ; at != nil; at = at.Parent {
		if at.Kind == Repeat {
			n++
		}
	}
	return n
}

// depth counts the containers around a container.
func depth(at *Element) int {
	n := 0
	for at = at.Parent; at != nil; at = at.Parent {
		n++
	}
	return n
}

// sharedContainer is the innermost container that holds both.
func sharedContainer(a, b *Element) *Element {
	for !within(b, a) {
		a = a.Parent
	}
	return a
}

// pathOf writes a container for a person: "the survey" or "/trips/stay".
func pathOf(at *Element) string {
	var names []string
	for ; at.Parent != nil; at = at.Parent {
		names = append([]string{at.Name}, names...)
	}
	if len(names) == 0 {
		return "the survey itself"
	}
	return "/" + strings.Join(names, "/")
}
