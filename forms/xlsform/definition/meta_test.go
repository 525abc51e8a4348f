package definition

import (
	"fmt"
	"testing"
)

func TestMeta(t *testing.T) {
	form := sound(t, survey("type | name | label | parameters", "audit | | | track-changes=true location-priority=balanced location-min-interval=60 location-max-age=120", "text | a | A | ")+
		sheet("settings", "instance_name | instance_id", "concat(${a}, 'x') | uuid"))
	meta := child(t, form, "meta")
	if got := names(meta); got != "audit instanceID instanceName" || !meta.Bodyless {
		t.Error(got)
	}
	if got := fmt.Sprint(meta.Children[0].Bind); got !=
		"[{type binary} {odk:track-changes true} {odk:location-max-age 120} {odk:location-min-interval 60} {odk:location-priority balanced}]" {
		t.Error(got)
	}
	if meta.Children[1].Bind.Get("jr:preload") != "uuid" || meta.Children[2].Bind.Get("calculate") != "concat(${a}, 'x')" {
		t.Error("instanceID or instanceName is wrong")
	}
	without := sound(t, survey("type | name | label", "text | a | A")+sheet("settings", "omit_instanceID", "yes"))
	if got := names(without.Root); got != "a" {
		t.Error(got)
	}
	rejects(t, []rejection{{"key", survey("type | name | label", "text | a | A") + sheet("settings", "omit_instanceID | public_key", "yes | k"),
		[]string{"settings 2 1: public key"}}})
}

func TestAudits(t *testing.T) {
	one := func(name, parameters string) string {
		return survey("type | name | label | parameters", "audit | "+name+" | | "+parameters, "text | a | A | ")
	}
	const place = "location-priority=balanced location-min-interval=60 location-max-age="
	rejects(t, []rejection{
		{"name", one("log", ""), []string{"survey 2 2: always named"}},
		{"unknown", one("", "location=yes"), []string{"survey 2 4: location"}},
		{"half", one("", "location-priority=balanced"), []string{"survey 2 4: needs"}},
		{"age", one("", place+"x"), []string{"survey 2 4: location-max-age"}},
		{"negative", one("", place+"-1"), []string{"survey 2 4: location-max-age", "survey 2 4: smaller"}},
		{"smaller", one("", place+"30"), []string{"survey 2 4: smaller"}},
		{"changes", one("", "track-changes=yes identify-user=1 track-changes-reasons=x"),
			[]string{"survey 2 4: track-changes", "survey 2 4: track-changes-reasons", "survey 2 4: identify-user"}},
		{"two", survey("type | name | label", "audit | | ", "audit | | ", "text | a | A"), []string{"survey 3 1: another audit"}},
	})
}
