package definition

import (
	"strconv"
	"strings"
)

// readSelect puts a select or rank into the tree, with what comes with it: the
// question behind or_other, and the head of a table-list.
func (r *reader) readSelect(w *row, s selectCell) {
	el := w.el
	ext := extension(s.list)
	if s.kind == "select_one_external" {
		r.checkExternalList(w, s.list)
		if el.ChoiceFilter != "" {
			el.Query = s.list
		}
	} else {
		r.instances[stem(s.list)] = true
	}
	if fromFile[s.command] && (strings.Count(strings.TrimLeft(s.list, "."), ".") != 1 || !isInstanceFile(ext)) {
		r.fault(el.Place, "write a file name that ends in .csv, .xml or .geojson, without another full stop",
			"%q is not the name of a file that %q can take choices from", s.list, s.command)
	}
	list := r.lists[s.list]
	reference := HasReference(s.list)
	if list == nil && s.kind != "select_one_external" && !isInstanceFile(ext) && !reference {
		r.missingList(w, s.list)
	}
	if s.kind == "select_multiple" && list != nil && !isInstanceFile(ext) {
		r.checkSpaces(w, list)
	}
	var specify *Element
	if s.other {
		specify = r.specifyOther(w, list)
	}
	r.readSelectParameters(w, s)
	el.Itemset, el.OrOther = s.list, s.other
	r.addToTable(w, s, list)
	applyType(el, questionTypes[s.kind])
	r.searchSelect(w, ext, list)
	if s.kind == "select_multiple" && r.form.Settings.AddNoneOption {
		r.addNone(w, list)
	}
	w.blankLabel()
	r.add(el)
	if specify != nil {
		r.add(specify)
	}
}

// missingList complains of a list that is not there.
func (r *reader) missingList(w *row, name string) {
	if r.choices != nil && !r.choices.has("list name") {
		r.fault(w.el.Place, renameRemedy(r.choices, "list_name"), "the choices sheet has no column \"list_name\", so there is no list %q", name)
		return
	}
	if len(r.lists) == 0 {
		r.fault(w.el.Place, r.sheetRemedy("choices", "add a sheet choices with the columns list_name, name and label"), "there is no choices sheet with the list %q", name)
		return
	}
	r.fault(w.el.Place, listRemedy(name, r.form.Lists, "choices"), "the list %q is not on the choices sheet", name)
}

// checkExternalList looks up a list of the external_choices sheet.
func (r *reader) checkExternalList(w *row, name string) {
	if w.el.ChoiceFilter == "" {
		r.warn(w.el.Place, "write a choice_filter, or use select_one", "select_one_external is meant for filtered lists")
		if r.lists[name] == nil {
			r.fault(w.el.Place, "write a choice_filter, or use select_one", "select_one_external %q has no choice_filter", name)
		}
	}
	if len(r.external) == 0 {
		r.fault(w.el.Place, r.sheetRemedy("external_choices", "add a sheet external_choices with the columns list_name and name"), "there is no external_choices sheet")
		return
	}
	if r.external[name] == nil {
		r.fault(w.el.Place, listRemedy(name, r.form.External, "external_choices"), "the list %q is not on the external_choices sheet", name)
	}
}

// checkSpaces complains of names with spaces in a list for select_multiple,
// whose answers are names with spaces between.
func (r *reader) checkSpaces(w *row, list *List) {
	if list.spaced == 0 {
		list.spaced = -1
		for i := range list.Choices {
			if strings.Contains(list.Choices[i].Name, " ") {
				list.spaced = i + 1
				break
			}
		}
	}
	if list.spaced < 0 {
		return
	}
	ch := &list.Choices[list.spaced-1]
	r.fault(r.choices.find(ch.Row, "name"), "write an underscore for the space",
		"the name %q of the list %q has a space, but select_multiple of row %d keeps answers apart by spaces", ch.Name, list.Name, w.number)
}

// specifyOther adds "other" to the list and returns the question that asks what.
func (r *reader) specifyOther(w *row, list *List) *Element {
	r.orOther = true
	if w.el.ChoiceFilter != "" {
		r.fault(r.at(w, "choice_filter"), "take one of the two out", "a choice_filter cannot go with or_other")
	}
	if list == nil || len(list.Choices) == 0 {
		r.fault(w.el.Place, "name a list of the choices sheet", "or_other needs a list of choices")
	} else {
		addOther(list)
	}
	name := w.el.Name
	specify := &Element{Name: name + "_other", Label: Text{Plain: "Specify other."}, Place: w.el.Place, Implied: true,
		Bind: Attrs{{"relevant", "selected(../" + name + ", 'other')"}}}
	applyType(specify, questionTypes["text"])
	return specify
}

// addOther gives a list the choice "other", in every language of its labels.
func addOther(list *List) {
	var languages []string
	seen := map[string]bool{}
	for i := range list.Choices {
		if list.Choices[i].Name == "other" {
			return
		}
		for _, t := range list.Choices[i].Label.ByLanguage {
			if !seen[t.Language] {
				seen[t.Language] = true
				languages = append(languages, t.Language)
			}
		}
	}
	other := Choice{Name: "other"}
	for _, l := range languages {
		other.Label.ByLanguage = append(other.Label.ByLanguage, Translation{l, "Other"})
	}
	if len(languages) == 0 {
		other.Label.Plain = "Other"
	}
	list.Choices = append(list.Choices, other)
}

// readSelectParameters reads randomize and seed, and value and label of files.
func (r *reader) readSelectParameters(w *row, s selectCell) {
	el := w.el
	if s.command == "select_one_from_file" || s.command == "select_multiple_from_file" {
		r.accept(w, "label", "randomize", "seed", "value")
		el.ValueRef, el.LabelRef = w.parameters.Get("value"), w.parameters.Get("label")
		for _, key := range [...]string{"value", "label"} {
			if w.parameters.Has(key) && !isName(w.parameters.Get(key)) {
				r.fault(r.at(w, "parameters"), nameRemedy, "the parameter %q is not the name of a column", key)
			}
		}
	} else {
		r.accept(w, "randomize", "seed")
	}
	seed := w.parameters.Get("seed")
	if !w.parameters.Has("randomize") {
		if seed != "" {
			r.fault(r.at(w, "parameters"), "add randomize=true", "a seed is of use only with randomize=true")
		}
		return
	}
	switch w.parameters.Get("randomize") {
	case "true":
		el.Randomize = true
	case "false":
	default:
		r.fault(r.at(w, "parameters"), "write randomize=true or randomize=false", "%q is not a value of the parameter randomize", w.parameters.Get("randomize"))
	}
	if seed == "" {
		return
	}
	if _, sole := soleReference(seed); !sole && !isNumber(seed) {
		r.fault(r.at(w, "parameters"), "write a number or a reference such as ${number}", "the seed %q is not a number or a reference", seed)
	}
	if el.Randomize {
		el.Seed = seed
	}
}

// addToTable makes a select a row of the table-list that is open, with the head
// of the table before the first.
func (r *reader) addToTable(w *row, s selectCell, list *List) {
	if r.tableList == "" {
		return
	}
	if r.tableList == tableAsked {
		r.tableList = s.list
		if w.el.ChoiceFilter != "" {
			r.fault(r.at(w, "choice_filter"), "take the filter out, or the appearance table-list", "a choice_filter cannot go with table-list")
		}
		head := &Element{Name: "reserved_name_for_field_list_labels_" + strconv.Itoa(w.number), Place: w.el.Place,
			Itemset: s.list, Implied: true, Control: Attrs{{"appearance", "label"}}}
		applyType(head, questionTypes[s.kind])
		blankLabel(head)
		r.add(head)
	}
	if r.tableList != s.list {
		r.fault(w.el.Place, "use one list for all selects of the group", "the selects of a table-list have different lists: %q and %q", r.tableList, s.list)
	}
	w.el.Control.Set("appearance", "list-nolabel")
}

// addNone keeps "none" apart from the other answers of a select_multiple. The
// choice itself is not added: the reference compiler does not write it either.
func (r *reader) addNone(w *row, list *List) {
	if list == nil || w.el.Randomize && w.el.ChoiceFilter == "" {
		r.fault(w.el.Place, "use a list of the choices sheet that is not randomized, or write the choice \"none\" and take add_none_option out of the settings",
			"there are no choices to add \"none\" to")
		return
	}
	if list.none {
		return
	}
	list.none = true
	for i := range list.Choices {
		if ch := &list.Choices[i]; ch.Name == "none" && ch.Label.Plain == "None" && len(ch.Extra) == 0 && len(ch.Media) == 0 {
			return
		}
	}
	const apart = "(.='none' or not(selected(., 'none')))"
	if own := w.el.Bind.Get("constraint"); own != "" {
		w.el.Bind.Set("constraint", own+" and "+apart)
	} else {
		w.el.Bind.Set("constraint", apart)
	}
}
