package definition

import "testing"

func TestLoop(t *testing.T) {
	form := sound(t, survey("type | name | label | relevant", "begin loop over l | lp | Loop | ", "integer | n | How many %(label)s? | '%(name)s' != '100%%'",
		"begin group | g | About %(label)s | ", "text | inner | Inner %(label)s | ", "end group | | | ", "end loop | | | ")+
		sheet("choices", "list_name | name | label", "l | car | Cars", "l | none | None", "l | bus | Buses"))
	lp := child(t, form, "lp")
	if got := names(lp); got != "car bus" || lp.Kind != Group {
		t.Fatalf("the loop has %q", got)
	}
	car := child(t, form, "lp", "car", "n")
	if car.Label.Plain != "How many Cars?" || car.Bind.Get("relevant") != "'car' != '100%'" || car.Parent.Label.Plain != "Cars" {
		t.Errorf("%+v", car)
	}
	if bus := child(t, form, "lp", "bus", "n"); bus == car || bus.Label.Plain != "How many Buses?" {
		t.Errorf("%+v", bus)
	}
	// As in pyxform, what is inside a group inside the loop is left as it is.
	if g := child(t, form, "lp", "bus", "g"); g.Label.Plain != "About Buses" || child(t, form, "lp", "bus", "g", "inner").Label.Plain != "Inner %(label)s" {
		t.Errorf("%+v", g)
	}
}

func TestLoopsByLanguage(t *testing.T) {
	form := sound(t, survey("type | name | label::English (en) | label::French (fr)", "begin loop over l | lp | L | L", "text | n | %(label)s? | %(label)s\u00a0?", "end loop | | | ")+
		sheet("choices", "list_name | name | label::English (en) | label::French (fr)", "l | bus | Buses | Autobus"))
	label := child(t, form, "lp", "bus", "n").Label
	if text, _ := label.In("French (fr)"); text != "Autobus ?" && text != "Autobus\u00a0?" {
		t.Errorf("%+v", label)
	}
}

func TestLoopsThatAreRejected(t *testing.T) {
	loop := func(typ string, inside ...string) string {
		rows := append([]string{"type | name | label", typ + " | lp | L"}, inside...)
		return survey(append(rows, "end loop | | ")...)
	}
	lists := sheet("choices", "list_name | name | label", "l | x | X", "l | y | Y", "m | 1 | One")
	rejects(t, []rejection{
		{"no list", loop("begin loop", "text | a | A") + lists, []string{"survey 2 1: names no list"}},
		{"unknown", loop("begin loop over ll", "text | a | A") + lists, []string{"survey 2 1: not on the choices"}},
		{"choices that name no node", loop("begin loop over m", "text | a | A") + lists, []string{"survey 2 1: \"1\", which cannot"}},
		{"repeats of one name", loop("begin loop over l", "begin repeat | r | R", "text | a | A", "end repeat | | ") + lists, []string{"survey 3 1: more than one repeat"}},
	})
}

// Loops in loops over long lists would fill the memory.
func TestLoopsThatExplode(t *testing.T) {
	rows := []string{"type | name | label"}
	for _, n := range []string{"a", "b", "c", "d"} {
		rows = append(rows, "begin loop over l | "+n+" | L")
	}
	rows = append(rows, "text | q | Q", "end loop | | ", "end loop | | ", "end loop | | ", "end loop | | ")
	choices := []string{"list_name | name | label"}
	for i := range 60 {
		choices = append(choices, "l | c"+string(rune('a'+i/26))+string(rune('a'+i%26))+" | C")
	}
	_, faults := define(t, survey(rows...)+sheet("choices", choices...))
	if len(faults) == 0 {
		t.Error("13 million questions are accepted")
	}
}
