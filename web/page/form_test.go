package page_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"waymark/internal/fault"
	"waymark/trust/access"
	"waymark/web/page"
	"waymark/web/page/pagetest"
)

// judge posts one field and returns what read made of it and the faults.
func judge(t testing.TB, c *pagetest.Client, read *func(f *page.Form) any, fields map[string][]string, how func(f *page.Form) any) (got any, bad bool) {
	t.Helper()
	*read = func(f *page.Form) any {
		got = how(f)
		bad = f.Bad()
		return got
	}
	c.Post("/demo", fields).Want(t, 200)
	return got, bad
}

func formClient(t testing.TB) (*pagetest.Client, *func(f *page.Form) any) {
	var read func(f *page.Form) any
	c := pagetest.New(t, house(page.House{}), pagetest.Somebody(1, access.Coordinator), area(
		page.Route{Pattern: "POST /demo", Action: access.Home, Do: func(r *page.Request) error {
			f, err := r.ReadForm("demo")
			if err != nil {
				return err
			}
			read(f)
			return r.Render(200, "demo/form", f)
		}}))
	return c, &read
}

func TestValues(t *testing.T) {
	c, read := formClient(t)
	text := func(rules ...page.Rule) func(f *page.Form) any {
		return func(f *page.Form) any { return f.Text("name", rules...) }
	}
	whole := func(f *page.Form) any {
		n, ok := f.Whole("name", page.Between(-5, 500))
		if !ok {
			return nil
		}
		return n
	}
	decimal := func(f *page.Form) any {
		x, ok := f.Decimal("name", page.Between(-90, 90))
		if !ok {
			return nil
		}
		return x
	}
	date := func(f *page.Form) any { return f.Date("name") }
	for _, c1 := range []struct {
		typed string
		how   func(f *page.Form) any
		want  any
		bad   bool
	}{
		{"  Lampedusa \r\n", text(), "Lampedusa", false},
		{"e\u0301", text(page.Max(1)), "é", false},
		{"", text(), "", false},
		{" ", text(page.Required), "", true},
		{strings.Repeat("é", 200), text(), strings.Repeat("é", 200), false},
		{strings.Repeat("é", 201), text(), "", true},
		{"two\nlines", text(), "", true},
		{"two\r\nlines", text(page.Lines), "two\nlines", false},
		{"nul\x00", text(page.Lines), "", true},
		{"bad\xff", text(), "", true},
		{" 12 ", whole, 12, false},
		{"−3", whole, -3, false},
		{"", whole, nil, false},
		{"501", whole, nil, true},
		{"1.5", whole, nil, true},
		{"1e2", whole, nil, true},
		{"0x10", whole, nil, true},
		{"NaN", decimal, nil, true},
		{"Inf", decimal, nil, true},
		{"35,5", decimal, 35.5, false},
		{"35.5", decimal, 35.5, false},
		{"90.01", decimal, nil, true},
		{"2016-10-06", date, "2016-10-06", false},
		{"2016-02-30", date, "", true},
		{"16-10-06", date, "", true},
		{"", date, "", false},
	} {
		got, bad := judge(t, c, read, map[string][]string{"name": {c1.typed}}, c1.how)
		if got != c1.want || bad != c1.bad {
			t.Errorf("%q gives %v (bad: %v), wanted %v (bad: %v)", c1.typed, got, bad, c1.want, c1.bad)
		}
	}
	got, bad := judge(t, c, read, map[string][]string{"name-day": {"6"}, "name-month": {"10"}, "name-year": {"2016"}}, date)
	if got != "2016-10-06" || bad {
		t.Errorf("three fields give %v", got)
	}
	_, bad = judge(t, c, read, map[string][]string{"name-day": {"31"}, "name-month": {"9"}, "name-year": {"2016"}}, date)
	if !bad {
		t.Error("31 September was taken")
	}
	_, bad = judge(t, c, read, map[string][]string{"name": {"c"}}, func(f *page.Form) any { return f.Choice("name", []string{"a", "b"}) })
	if !bad {
		t.Error("a choice was taken that is not offered")
	}
	got, bad = judge(t, c, read, map[string][]string{"name": {"b", "a", "b"}}, func(f *page.Form) any {
		return strings.Join(f.ChoiceMany("name", []string{"a", "b", "c"}), " ")
	})
	if got != "a b" || bad {
		t.Errorf("several choices give %v", got)
	}
}

func TestTake(t *testing.T) {
	c, read := formClient(t)
	list := fault.NewList(9)
	list.Addf(fault.Invalid, fault.Place{Field: "name"}, "choose another", "the name is taken")
	list.Addf(fault.Invalid, fault.Place{Row: 3}, "", "the row is empty")
	var left error
	*read = func(f *page.Form) any { left = f.Take(list.Err()); return nil }
	a := c.Post("/demo", nil).Want(t, 200, `<a href="#f-name" lang="en" dir="ltr">The name is taken: choose another</a>`, "row 3: The row is empty")
	if left != nil || !strings.Contains(a.Body, `id="f-name-error"`) {
		t.Errorf("the faults were not taken: %v", left)
	}
	*read = func(f *page.Form) any {
		left = f.Take(fault.New(fault.Unavailable, fault.Place{}, "the database is away", ""))
		return nil
	}
	if c.Post("/demo", nil); left == nil {
		t.Error("a fault of the system was taken for one of the form")
	}
}

func FuzzForm(f *testing.F) {
	for _, s := range []string{"", "1", "−1,5", "2016-10-06", "<script>", "a\x00b", "\u202e", "1e309"} {
		f.Add(s)
	}
	first, read := formClient(f)
	f.Fuzz(func(t *testing.T, s string) {
		c := first.For(t)
		*read = func(f *page.Form) any {
			if v := f.Text("name", page.Max(50)); utf8.RuneCountInString(v) > 50 || !utf8.ValidString(v) {
				t.Errorf("%q was taken as %q", s, v)
			}
			if n, ok := f.Whole("name", page.Between(1, 9)); ok && (n < 1 || n > 9) {
				t.Errorf("%q was taken as %d", s, n)
			}
			if d := f.Date("name"); d != "" && len(d) != 10 {
				t.Errorf("%q was taken as %q", s, d)
			}
			return nil
		}
		a := c.Post("/demo", map[string][]string{"name": {s}})
		if a.Code == 200 && strings.Contains(a.Body, "<script>") {
			t.Errorf("%q came back as markup", s)
		}
	})
}
