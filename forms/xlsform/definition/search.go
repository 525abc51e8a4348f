package definition

import "strings"

// hasSearch tells whether an appearance has a call of search().
func hasSearch(appearance string) bool {
	at := strings.Index(appearance, "search(")
	return at >= 0 && strings.IndexByte(appearance[at:], ')') >= 0
}

// searchSelect notes whether a select looks its choices up with search(), which
// decides how the list is written.
func (r *reader) searchSelect(w *row, ext string, list *List) {
	if w.el.Type == "select_one_external" {
		return
	}
	if !hasSearch(w.el.Control.Get("appearance")) {
		if list != nil {
			list.plainUsers = append(list.plainUsers, w)
		}
		return
	}
	switch {
	case isInstanceFile(ext):
		r.fault(r.at(w, "appearance"), "take search() out of the appearance, or use select_one with a list",
			"the question %q takes its choices from a file and uses \"search()\"; the two do not go together", w.el.Name)
	case list == nil:
		r.fault(r.at(w, "appearance"), "name a list of the choices sheet", "the question %q uses \"search()\" without a list", w.el.Name)
	default:
		list.Search = true
		list.searchUsers = append(list.searchUsers, w)
	}
}

// checkSearches complains of lists that questions with and without search() share.
func (r *reader) checkSearches() {
	for _, l := range r.form.Lists {
		r.checkSearch(l)
		l.searchUsers, l.plainUsers = nil, nil // the rows are done with
	}
}

// checkSearch does so for one list.
func (r *reader) checkSearch(l *List) {
	if len(l.searchUsers) == 0 || len(l.plainUsers) == 0 {
		return
	}
	var others []string
	for _, w := range l.plainUsers {
		others = append(others, w.el.Name)
	}
	for _, w := range l.searchUsers {
		r.fault(r.at(w, "appearance"), "use search() for all questions of the list, or give this one a list of its own",
			"the question %q uses \"search()\" on the list %q, which is also used without it by %s", w.el.Name, l.Name, quoted(others))
	}
}
