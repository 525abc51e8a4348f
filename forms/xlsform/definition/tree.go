package definition

// checkTree checks what only the whole tree shows: names that the compiler
// itself has made, or that a loop has filled in.
func (r *reader) checkTree() {
	r.checkSearches()
	r.checkUnder(r.form.Root, map[string]bool{})
}

// checkUnder checks the names of an element's children, and below. Names of rows
// have been checked before, unless a loop has changed them.
func (r *reader) checkUnder(parent *Element, repeats map[string]bool) {
	looped := len(r.loops) > 0 && r.faults.Len() == 0
	seen := make(map[string]*Element, len(parent.Children))
	for _, el := range parent.Children {
		if el.Kind == Attribute {
			continue
		}
		switch first := seen[el.Name]; {
		case first == nil:
			seen[el.Name] = el
		case el.Name == "meta": // the row has been told
		case first.Implied || el.Implied:
			r.fault(el.Place, "rename the row that is written",
				"the name %q comes twice in %q, once for a node that another row or setting needs", el.Name, parent.Name)
		case looped:
			r.fault(el.Place, "put %(name)s into the names of the loop's questions, or rename one of them",
				"the name %q comes twice in %q", el.Name, parent.Name)
		}
		if looped {
			r.checkLooped(el, repeats)
		}
		if len(el.Children) > 0 {
			r.checkUnder(el, repeats)
		}
	}
}

// checkLooped checks names that a loop has made.
func (r *reader) checkLooped(el *Element, repeats map[string]bool) {
	if !isName(el.Name) {
		r.fault(el.Place, nameRemedy, "the loop makes a node with the name %q, which cannot name one", el.Name)
	}
	if el.Kind == Repeat {
		if repeats[el.Name] {
			r.fault(el.Place, "put %(name)s into the repeat's name", "the loop makes more than one repeat named %q", el.Name)
		}
		repeats[el.Name] = true
	}
}
