package xpath

import "strings"

// holdsChoice tells whether a choice is among the choices of an answer, which
// are separated by spaces, without making a list of them.
func holdsChoice(answer, choice string) bool {
	choice = strings.TrimSpace(choice)
	if choice == "" {
		return answer == "" || strings.Contains(" "+answer+" ", "  ")
	}
	for at := 0; ; {
		i := strings.Index(answer[at:], choice)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(choice)
		if (from == 0 || answer[from-1] == ' ') && (to == len(answer) || answer[to] == ' ') {
			return true
		}
		at = from + 1
	}
}

// buildSelected compiles selected(answer, choice). The choice must be text.
func buildSelected(_ *compiler, n *Call, a []code) code {
	if a[1].kind == StringValue && a[1].fixed {
		choice := a[1].text(nil)
		return truthCode(func(c *Context) bool { return holdsChoice(a[0].text(c), choice) })
	}
	return truthCode(func(c *Context) bool {
		choice := a[1].scalar(c)
		if choice.kind != StringValue {
			c.failf("put it in quotes: '1'", "the second argument of %s() is not text", n.Name)
		}
		return holdsChoice(a[0].text(c), choice.String())
	})
}

// choiceAt returns the choice at an index from 0, and how many there are.
func choiceAt(answer string, index int) (choice string, count int) {
	for len(answer) > 0 {
		word, rest, _ := strings.Cut(answer, " ")
		answer = rest
		if word == "" {
			continue
		}
		if count == index {
			choice = word
		}
		count++
	}
	return choice, count
}

// buildSelectedAt compiles selected-at(answer, index), which counts from 0; ""
// outside.
func buildSelectedAt(_ *compiler, _ *Call, a []code) code {
	return textCode(func(c *Context) string {
		choice, _ := choiceAt(a[0].text(c), whole(a[1].number(c)))
		return choice
	})
}

func buildCountSelected(_ *compiler, _ *Call, a []code) code {
	return numberCode(func(c *Context) float64 {
		_, n := choiceAt(a[0].text(c), -1)
		return float64(n)
	})
}

func buildChoiceName(_ *compiler, _ *Call, a []code) code {
	return textCode(func(c *Context) string {
		if c.ChoiceName == nil {
			return ""
		}
		value, path, at := a[0].text(c), a[1].text(c), c.Node
		return c.ask(func() string { return c.ChoiceName(value, path, at) })
	})
}

func buildItext(_ *compiler, _ *Call, a []code) code {
	return textCode(func(c *Context) string {
		if c.Itext == nil {
			return ""
		}
		id := a[0].text(c)
		return c.ask(func() string { return c.Itext(id) })
	})
}

func buildVersion(_ *compiler, _ *Call, _ []code) code {
	return textCode(func(c *Context) string { return c.Version })
}

func buildProperty(_ *compiler, _ *Call, a []code) code {
	return textCode(func(c *Context) string {
		if c.Property == nil {
			return ""
		}
		return c.Property(a[0].text(c))
	})
}

// buildPullData compiles pulldata(instance, column, key column, key): the column
// of the first row whose key column holds the key, or "".
func buildPullData(_ *compiler, _ *Call, a []code) code {
	return textCode(func(c *Context) string {
		id, want, key, value := a[0].text(c), a[1].text(c), a[2].text(c), a[3].text(c)
		if c.PullData != nil {
			return c.ask(func() string { return c.PullData(id, want, key, value) })
		}
		root := c.instance(strings.TrimSuffix(id, ".csv"))
		if root == nil || len(root.Children) == 0 {
			return ""
		}
		return c.pull(root, want, key, value)
	})
}

func (c *Context) pull(root *Node, want, key, value string) string {
	column := columnKey{item: root.Children[0].Name, column: key}
	if len(root.Children) >= indexFrom {
		if col := columnIndex(root, column); col.usable {
			if rows := col.rows(col.text[value]); len(rows) > 0 {
				return childValue(root.Children[rows[0]], want)
			}
			return ""
		}
	}
	for _, item := range root.Children {
		if !c.visit(1) {
			return ""
		}
		if k := item.Child(key); k != nil && k.Value == value {
			return childValue(item, want)
		}
	}
	return ""
}

func childValue(item *Node, name string) string {
	if n := item.Child(name); n != nil {
		return n.Value
	}
	return ""
}
