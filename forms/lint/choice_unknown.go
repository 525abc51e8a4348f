package lint

import (
	"fmt"
	"slices"
	"strings"

	"waymark/forms/xlsform/definition"
	"waymark/forms/xpath"
	"waymark/internal/fault"
)

var choiceUnknown = Rule{
	ID: "choice-unknown", Severity: Error,
	Finds:  "a formula or default that names a choice which the list does not have",
	Why:    "the comparison never holds, so questions are skipped or calculations wrong without a word",
	Source: "XLSForm, Relevant: choices are compared by their name",
	check: func(q *questionnaire, report report) {
		for _, r := range q.rows {
			c := constant{text: r.Default, isText: true}
			if list := q.listOf(r); list != nil && !r.DynamicDefault && !q.hasChoice(r, list, c) {
				report(q.at(r, "default"), choiceRemedy(list, r.Default), "the list %q of %q has no choice %q to begin with", list.Name, r.Name, r.Default)
			}
		}
		q.trees(func(e *expression) {
			told := map[string]bool{}
			visit(e.tree, false, func(n xpath.AST, filtering bool) {
				who, c := q.choiceCompared(e, n, filtering)
				if who == nil {
					return
				}
				list := q.listOf(who)
				if list == nil || told[c.text] || q.hasChoice(who, list, c) {
					return
				}
				told[c.text] = true
				report(q.cell(e), choiceRemedy(list, c.text), "the list %q of %q has no choice %q", list.Name, who.Name, c.text)
			})
		})
	},
}

// choiceCompared returns the row and the choice of ${q} = 'x' or
// selected(${q}, 'x').
func (q *questionnaire) choiceCompared(e *expression, n xpath.AST, filtering bool) (*row, constant) {
	if call, ok := n.(*xpath.Call); ok && call.Name == "selected" && len(call.Args) == 2 {
		if c, ok := constantOf(call.Args[1]); ok {
			return q.subject(e, call.Args[0], filtering), c
		}
		return nil, constant{}
	}
	operand, op, c, ok := comparison(n)
	if !ok || op != "=" && op != "!=" {
		return nil, c
	}
	if at, ok := operand.(*xpath.Call); ok && at.Name == "selected-at" && len(at.Args) == 2 {
		operand = at.Args[0]
	}
	return q.subject(e, operand, filtering), c
}

// hasChoice tells whether an answer to a select can be the text: nothing, one
// choice, or several in a row where several may be chosen.
func (q *questionnaire) hasChoice(who *row, list *definition.List, c constant) bool {
	text := c.text
	if text == "" || who.OrOther && text == "other" {
		return true
	}
	if c.isNum && !q.has(list, text) && len(list.Choices) <= maxSuggest { // compared as numbers: 1 is the choice 01 too
		return slices.ContainsFunc(list.Choices, func(choice definition.Choice) bool { return numberOf(choice.Name) == c.number })
	}
	names := []string{text}
	if who.Type != "select_one" {
		names = strings.Fields(text)
	}
	for _, name := range names {
		if !q.has(list, name) {
			return false
		}
	}
	return true
}

// maxSuggest is the most choices among which a similar one is looked for.
const maxSuggest = 1000

// choiceRemedy suggests a choice, or names the first few.
func choiceRemedy(list *definition.List, text string) string {
	var names []string
	for i := range list.Choices[:min(len(list.Choices), maxSuggest)] {
		names = append(names, list.Choices[i].Name)
	}
	if near := fault.Nearest(text, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(names) > 6 {
		return fmt.Sprintf("use one of its %d names, such as %s", len(list.Choices), strings.Join(names[:5], ", "))
	}
	return "use one of " + strings.Join(names, ", ")
}
