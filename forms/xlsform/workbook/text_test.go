package workbook

import "testing"

func TestMarkdownAndCSV(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"markdown": {
			"prose, with commas\n# comment\n| Survey |\n| | type | name | label |\n|--|--|--|--|\n| :--- | --- | --- | ---: |\n|  | text | a | A \\| B # c |\n| | | | |\n| | note | n |  | # why\n| other | x |\n| | y |\n",
			"[\"Survey\" \"other\"]\nsurvey \"Survey\" [\"type\" \"name\" \"label\"]\n2 A=\"text\" B=\"a\" C=\"A | B # c\"\n3 A=\"note\" B=\"n\"\n",
		},
		"a sheet of another name alone": {"| q |\n| | type |\n| | text |\n", "[\"q\"]\nsurvey \"q\" [\"type\"]\n2 A=\"text\"\n"},
		"csv": {
			"\ufeffsurvey,,,\r\n,type,name,label\r\n,text,a,\"A, \"\"B\"\"\r\nC\"\r\n\r\n,,,\r\n,note,n,\u00a0N\u00a0n \nchoices\n,list_name,name\n\"\",l,\"1\"x\n",
			"[\"survey\" \"choices\"]\nsurvey \"survey\" [\"type\" \"name\" \"label\"]\n2 A=\"text\" B=\"a\" C=\"A, \\\"B\\\"\\r\\nC\"\n3 A=\"note\" B=\"n\" C=\"N n\"\nchoices \"choices\" [\"list_name\" \"name\"]\n2 A=\"l\" B=\"1x\"\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := Read([]byte(c.in))
			if err != nil {
				t.Fatal(err)
			}
			if got := dump(w); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
