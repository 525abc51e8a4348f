package outline

import (
	"os"
	"strings"
	"testing"

	"waymark/forms/xform"
)

// household is the synthetic form of the tests.
func household(t *testing.T) *Outline {
	t.Helper()
	data, err := os.ReadFile("testdata/household.xml")
	if err != nil {
		t.Fatal(err)
	}
	form, err := xform.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return Of(form)
}

func TestConditionsInWords(t *testing.T) {
	o := household(t)
	for _, c := range []struct{ at, expr, want string }{
		{"age", "/data/consent = 'yes'", "“Do you agree to take part?” is “Yes”"},
		{"age", "'yes' = ../consent", "“Do you agree to take part?” is “Yes”"},
		{"age", "/data/consent != 'no'", "“Do you agree to take part?” is not “No”"},
		{"age", "not(/data/consent = 'no')", "“Do you agree to take part?” is not “No”"},
		{"age", "not(/data/consent != 'yes')", "“Do you agree to take part?” is “Yes”"},
		{"age", "/data/consent = 'yes' and /data/age >= 18", "“Do you agree to take part?” is “Yes” and “Age in years” is at least 18"},
		{"dob", "/data/age >= 18 and /data/age <= 65", "“Age in years” is between 18 and 65"},
		{"dob", "18 <= /data/age and 65 > /data/age", "“Age in years” is at least 18 and less than 65"},
		{"dob", "not(/data/age >= 18)", "“Age in years” is not at least 18"},
		{"dob", "/data/age = '18'", "“Age in years” is 18"},
		{"dob", "/data/consent = 'yes' or /data/consent = 'dk'", "“Do you agree to take part?” is “Yes” or “Don't know”"},
		{"dob", "/data/consent != 'yes' and /data/consent != 'dk'", "“Do you agree to take part?” is neither “Yes” nor “Don't know”"},
		{"dob", "not(/data/consent = 'yes' or /data/consent = 'no' or /data/consent = 'dk')", "“Do you agree to take part?” is none of “Yes”, “No” and “Don't know”"},
		{"dob", "/data/consent = ''", "“Do you agree to take part?” is not answered"},
		{"dob", "string-length(/data/code) > 0", "“Code” is answered"},
		{"dob", "string-length(/data/code) = 3", "“Code” is exactly 3 characters long"},
		{"main_means", "selected(/data/means, 'boat')", "“Means of travel” includes “Boat”"},
		{"main_means", "selected(/data/means, 'boat') or selected(/data/means, 'foot')", "“Means of travel” includes “Boat” or “On foot”"},
		{"main_means", "not(selected(/data/means, '99'))", "“Means of travel” does not include “Prefer not to say”"},
		{"main_means", "selected(/data/consent, 'yes')", "“Do you agree to take part?” is “Yes”"},
		{"main_means", "count-selected(/data/means) > 1", "“Means of travel” has more than 1 choice"},
		{"main_means", "count-selected(/data/means) >= 1", "“Means of travel” is answered"},
		{"main_means", "/data/means = 'boat'", "“Means of travel” is only “Boat”"},
		{"arrival", "/data/arrival > /data/dob", "“Day of arrival” is after the answer to “Date of birth”"},
		{"arrival", "/data/arrival >= '2016-10-06'", "“Day of arrival” is on or after 6 October 2016"},
		{"arrival", "date('2016-10-06') < /data/arrival", "“Day of arrival” is after 6 October 2016"},
		{"district", "(/data/age > 17 or /data/consent = 'dk') and /data/region = 'n'", "(“Age in years” is more than 17 or “Do you agree to take part?” is “Don't know”) and “Region” is “North”"},
		{"district", "(/data/consent = 'no' or /data/consent = 'dk') and /data/region = 'n'", "“Do you agree to take part?” is either “No” or “Don't know” and “Region” is “North”"},
		{"district", "true()", "always"},
		{"district", "false() or /data/region = 's'", "“Region” is “South”"},
		{"district", "not(true())", "never"},
		{"track", "/data/member/member_age < 18", "any “Age of member” is less than 18"},
		{"track", "count(/data/member) > 0", "the number of “Member” is more than 0"},
		{"member/member_sex", "../member_age < 18", "“Age of member” is less than 18"},
		{"member/member_sex", "position(..) = 1", "the number of this “Member” is 1"},
		{"track", "count(/data/member[member_age < 18]) >= 2", "the number of “Member” where “Age of member” is less than 18 is at least 2"},
		{"track", "/data/member[position() = 1]/member_sex = 'f'", "“Sex of member” of “Member” number 1 is “f”"},
		{"track", "instance('district')/root/item[name = /data/district]/population > 1000", "the population in the list district where its code is the answer to “District” is more than 1000"},
		{"track", "contains(/data/code, 'E') and not(starts-with(/data/code, 'X'))", "“Code” contains “E” and does not start with “X”"},
		{"track", "checklist(-1, 1, /data/age > 5, /data/region = 'n')", "at most 1 of these are so: “Age in years” is more than 5 and “Region” is “North”"},
		{"track", "/data/cost + /data/food > 100", "“Cost of travel” plus “Cost of food” is more than 100"},
		{"track", "not(selected(/data/means, 'boat') and count-selected(/data/means) >= 2)", "“Boat” in “Means of travel” may only be chosen alone"},
		{"track", "not(/data/age > 5 and /data/region = 'n')", "if “Age in years” is more than 5, then “Region” is not “North”"},
		{"track", "/data/nothing/there = 1", "/data/nothing/there is 1"},
		{"track", "boolean-from-string('x') = true()", "“x” is true or 1"},
		{"track", "/data/age >", "/data/age >"},
	} {
		if got := o.Condition(c.expr, o.At("/data/"+c.at)).In(o, 0); got != c.want {
			t.Errorf("%s\n  got  %s\n  want %s", c.expr, got, c.want)
		}
	}
}

func TestConstraintsInWords(t *testing.T) {
	o := household(t)
	for _, c := range []struct{ at, expr, want string }{
		{"age", ". >= 0 and . <= 120", "the answer is between 0 and 120"},
		{"age", ". > 0", "the answer is more than 0"},
		{"dob", ". <= today()", "the answer is on or before today"},
		{"arrival", ". >= /data/dob and . <= today()", "the answer is between the answer to “Date of birth” and today"},
		{"code", "regex(., '^E[0-9]{2}$')", "the answer is “E” followed by 2 digits"},
		{"code", "regex(., '[A-Z]{2,4}-\\d+')", "the answer is 2 to 4 capital letters A to Z followed by “-” followed by one or more digits"},
		{"code", "regex(., '^(a|b)c$')", "the answer matches the pattern ^(a|b)c$"},
		{"means", "count-selected(.) <= 2", "the answer has at most 2 choices"},
		{"means", "not(selected(., '99') and count-selected(.) > 1)", "“Prefer not to say” may only be chosen alone"},
		{"code", "string-length(.) <= 10", "the answer is at most 10 characters long"},
		{"main_means", ". != 'boat'", "the answer is not “Boat”"},
		{"main_means", "current()/. != 'boat'", "the answer is not “Boat”"},
		{"age", "/data/age > 5", "the answer is more than 5"},
	} {
		if got := o.Constraint(c.expr, o.At("/data/"+c.at)).In(o, 0); got != c.want {
			t.Errorf("%s\n  got  %s\n  want %s", c.expr, got, c.want)
		}
	}
}

func TestValuesInWords(t *testing.T) {
	o := household(t)
	for _, c := range []struct{ at, expr, want string }{
		{"adult", "if(/data/age >= 18, 'adult', 'child')", "“adult” if “Age in years” is at least 18; otherwise “child”"},
		{"adult", "if(/data/age > 64, 'old', if(/data/age > 17, 'adult', 'child'))", "“old” if “Age in years” is more than 64; “adult” if “Age in years” is more than 17; otherwise “child”"},
		{"adult", "sum(/data/member/member_age)", "the sum of “Age of member”"},
		{"adult", "int((today() - /data/dob) div 365.25)", "the full years from “Date of birth” to today"},
		{"adult", "int((decimal-date-time(today()) - decimal-date-time(/data/dob)) div 365.25)", "the full years from “Date of birth” to today"},
		{"adult", "round((decimal-date-time(now()) - decimal-date-time(/data/start)) * 1440, 0)", "the minutes from “start” to now rounded to a whole number"},
		{"adult", "today() - 7", "7 days before today"},
		{"adult", "format-date(/data/dob, '%Y')", "the year of “Date of birth”"},
		{"adult", "format-date(/data/dob, '%Y-%m-%d')", "“Date of birth” written as year-month-day"},
		{"adult", "round((/data/cost + /data/food) div 2, 2)", "((“Cost of travel” plus “Cost of food”) divided by 2) rounded to 2 decimals"},
		{"adult", "/data/cost + /data/food + 5", "“Cost of travel” plus “Cost of food” plus 5"},
		{"adult", "coalesce(/data/age, 0)", "“Age in years”, or 0 if that is blank"},
		{"adult", "concat(/data/code, '-', /data/age)", "the text “Code”, “-” and “Age in years” in a row"},
		{"adult", "once(uuid())", "a random identifier, set once and then kept"},
		{"adult", "jr:choice-name(/data/region, ' /data/region ')", "the label of the answer to “Region”"},
		{"adult", "jr:choice-name(selected-at(/data/means, 0), '/data/means')", "the label in “Means of travel” of choice number 1 of “Means of travel”"},
		{"adult", "pulldata('places', 'lat', 'name', /data/place)", "the lat in the file places.csv where name is the answer to “Place”"},
		{"adult", "instance('places')/root/item[name = /data/place]/lat", "the lat in the file places.csv where its code is the answer to “Place”"},
		{"adult", "indexed-repeat(/data/member/name, /data/member, 1)", "“First name” of “Member” number 1"},
		{"adult", "join(', ', /data/member/name)", "“First name” joined by “, ”"},
		{"adult", "/data/age mod 2", "the rest of “Age in years” divided by 2"},
		{"adult", "-/data/age", "minus “Age in years”"},
		{"adult", "/data/age > 17", "yes if “Age in years” is more than 17"},
		{"adult", "count(/data/member)", "the number of “Member”"},
		{"adult", "min(/data/cost, /data/food)", "the smallest of “Cost of travel” and “Cost of food”"},
		{"adult", "distance(/data/track)", "the length of “Way walked” in metres"},
		{"adult", "never-heard-of(/data/age)", "never-heard-of(/data/age)"},
		{"adult", "sqrt(cos(/data/cost div 100))", "the square root of the cosine of (“Cost of travel” divided by 100)"},
		{"adult", "''", "nothing"},
		{"adult", "'2016-10-06'", "6 October 2016"},
	} {
		if got := o.Value(c.expr, o.At("/data/"+c.at)).In(o, 0); got != c.want {
			t.Errorf("%s\n  got  %s\n  want %s", c.expr, got, c.want)
		}
	}
}

func TestOtherLanguage(t *testing.T) {
	o := household(t)
	if got, want := o.Condition("/data/consent = 'yes'", o.At("/data/age")).In(o, 1), "“هل توافق على المشاركة؟” is “نعم”"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestFilters(t *testing.T) {
	o := household(t)
	for _, c := range []struct {
		at, want string
		shuffled bool
	}{
		{"consent", "", false},
		{"district", "its region is the answer to “Region”", false},
		{"main_means", "“Means of travel” includes its code", true},
	} {
		i := o.At("/data/" + c.at)
		s, shuffled := o.Filter(i.Control.Itemset.Nodeset, i)
		if got := s.In(o, 0); got != c.want || shuffled != c.shuffled {
			t.Errorf("%s: %q, %v", c.at, got, shuffled)
		}
	}
}

func TestFiltersWrittenOtherwise(t *testing.T) {
	o := household(t)
	for expr, want := range map[string]string{
		"instance('district')/root/item[ /data/region = region]":                 "its region is the answer to “Region”",
		"instance('district')/root/item[true()]":                                 "",
		"instance('district')/root/item[population > 1000 and region = 'n']":     "its population is more than 1000 and its region is “n”",
		"instance('district')/root/item[selected(/data/means, name)][label='x']": "“Means of travel” includes its code and its label is “x”",
		"/data/member[member_age > 17]":                                          "“Age of member” is more than 17",
	} {
		if s, _ := o.Filter(expr, o.At("/data/district")); s.In(o, 0) != want {
			t.Errorf("%s: %q, want %q", expr, s.In(o, 0), want)
		}
	}
}

// TestNothingIsLost: a sentence that is not whole holds the code it lacks.
func TestNothingIsLost(t *testing.T) {
	o := household(t)
	s := o.Condition("never-heard-of(/data/age) and /data/region = 'n'", o.At("/data/track"))
	if s.Whole() || !strings.Contains(s.In(o, 0), "never-heard-of") {
		t.Errorf("%q", s.In(o, 0))
	}
}
