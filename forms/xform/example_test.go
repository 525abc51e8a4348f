package xform_test

import (
	"fmt"

	"waymark/forms/xform"
)

// synthetic asks for an age, and for the guardian of a child.
const synthetic = `<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa">
<h:head><h:title>Synthetic</h:title><model>
<instance><data id="synthetic" version="1"><age/><guardian/><child/></data></instance>
<bind nodeset="/data/age" type="int" required="true()" constraint=". &lt; 120" jr:constraintMsg="Years, not months"/>
<bind nodeset="/data/guardian" relevant="/data/age &lt; 18" required="true()"/>
<bind nodeset="/data/child" calculate="/data/age &lt; 18"/>
</model></h:head>
<h:body><input ref="/data/age"><label>Age</label></input><input ref="/data/guardian"><label>Who looks after <output value="/data/age"/>?</label></input></h:body></h:html>`

func ExampleForm_Check() {
	form, err := xform.Parse([]byte(synthetic))
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := form.Check([]byte(`<data id="synthetic" version="1"><age>16</age><child>false</child></data>`), xform.CheckOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range report.Problems {
		fmt.Printf("%s: %s: %s %s\n", p.Path, p.Kind, p.Message, p.Question)
	}
	// Output:
	// /data/guardian: required: the question must be answered Who looks after ${age}?
	// /data/child: calculation: the calculated value is not what the answers give
}

func ExampleSession() {
	form, err := xform.Parse([]byte(synthetic))
	if err != nil {
		fmt.Println(err)
		return
	}
	s, err := form.NewSession(xform.SessionOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	age, guardian := s.Find("/data/age")[0], s.Find("/data/guardian")[0]
	if err := s.Set(age, "16"); err != nil {
		fmt.Println(err)
	}
	fmt.Println(s.Relevant(guardian), s.Label(guardian))
	for _, p := range s.Validate() {
		fmt.Println(p.Path, p.Kind)
	}
	if err := s.Set(age, "40"); err != nil {
		fmt.Println(err)
	}
	fmt.Println(string(s.XML()))
	// Output:
	// true Who looks after 16?
	// /data/guardian required
	// <?xml version="1.0" encoding="UTF-8"?>
	// <data id="synthetic" version="1"><age>40</age><child>false</child></data>
}
