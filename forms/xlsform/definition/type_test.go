package definition

import (
	"strings"
	"testing"
)

// Every type compiles under every spelling, and says what it now is called.
func TestTypes(t *testing.T) {
	for spelling, typ := range questionTypes {
		if _, needsList := selectCommands[spelling]; needsList {
			continue
		}
		t.Run(spelling, func(t *testing.T) {
			if _, known := questionTypes[typ.name]; !known {
				t.Errorf("%q is not itself a type", typ.name)
			}
			if spelling == "audit" {
				return
			}
			form := sound(t, survey("type | name | label | calculation | trigger", "text | z | Z | | ",
				spelling+" | a | A | "+map[bool]string{true: "1"}[strings.Contains(spelling, "calculate")]+" | "+
					map[bool]string{true: "${z}"}[spelling == "background-geopoint"]))
			el := child(t, form, "a")
			if el.Type != typ.name || el.Tag != typ.tag {
				t.Errorf("%s %s, wanted %s %s", el.Type, el.Tag, typ.name, typ.tag)
			}
		})
	}
}

// pyxform 4.5.0 knows these types; their names are taken from its type table.
func TestNoTypeIsForgotten(t *testing.T) {
	for _, name := range strings.Split(`q picture,photo,add date time prompt,add audio prompt,q date time,phonenumber,get start time,
add note prompt,calculate,acknowledge,location,text,simserial,string,q string,imei,integer,datetime,q note,subscriber id,decimal,
dateTime,q audio,q geopoint,q geoshape,q geotrace,q image,get today,video,q acknowledge,add video prompt,number of days in last month,
get sim id,q location,add image prompt,get end time,barcode,q video,geopoint,geoshape,geotrace,end time,device id,subscriberid,q barcode,
image,q int,add text prompt,add date prompt,q calculate,start,trigger,add acknowledge prompt,percentage,get phone number,today,gps,q date,
sim id,add decimal prompt,number of days in last six months,deviceid,int,add barcode prompt,q decimal,end,add calculate prompt,
add dateTime prompt,note,add location prompt,get subscriber id,phone number,get device id,add integer prompt,q dateTime,date,start time,
number of days in last year,date time,time,audio,hidden,uri:subscriberid,uri:phonenumber,uri:simserial,uri:deviceid,username,uri:username,
email,uri:email,osm,file,add file prompt,range,audit,xml-external,csv-external,start-geopoint,background-audio,background-geopoint`, ",") {
		if _, known := questionTypes[strings.TrimSpace(name)]; !known {
			t.Errorf("%q is missing", name)
		}
	}
}

func TestTypeDefaultsUnderTheRow(t *testing.T) {
	form := sound(t, survey("type | name | label | constraint | hint | read_only",
		"percentage | a | A | . < 50 | |", "phone number | b | B | | own |", "note | c | C | | | no", "number of days in last month | d | D | | |"))
	for _, c := range []struct{ name, key, want string }{{"a", "constraint", ". < 50"}, {"b", "constraint", `regex(., '^\d*$')`}, {"c", "readonly", "false()"}} {
		if got := child(t, form, c.name).Bind.Get(c.key); got != c.want {
			t.Errorf("%s of %s is %q", c.key, c.name, got)
		}
	}
	if child(t, form, "b").Hint.Plain != "own" || child(t, form, "d").Hint.Plain != "Enter a number 0-31." {
		t.Error("the hints of old types are wrong")
	}
}

func TestUnknownTypes(t *testing.T) {
	rejects(t, []rejection{{"types", survey("type | name | label", "Text | a | A", "select_one | b | B", "begin something | c | C", "q select1 | d | D", "include | e | E"),
		[]string{"survey 2 1: Text", "survey 3 1: select_one", "survey 4 1: begin something", "survey 5 1: q select1", "survey 6 1: include"}}})
}
