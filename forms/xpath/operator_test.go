package xpath

import (
	"math"
	"testing"
)

// The expected values are those of JavaRosa's XPathEvalTest (operators, type
// conversions), read from its source, and of XPath 1.0 section 4.
func TestOperators(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	check(t, world(t, "<data/>", "data", nil), []row{
		{"5.5 + 5.5", 11}, {"6.1 - 7.8", -1.7}, {"3 + -4", -1}, {"1 - 2 - 3", -4}, {"1 - (2 - 3)", 2},
		{"-(8*5)", -40}, {"-'19'", -19}, {"1.1 * -1.1", -1.21}, {"-10 div -4", 2.5}, {"2 * 3 div 8 * 2", 1.5},
		{"3 + 3 * 3", 12}, {"1 div 0", inf}, {"-1 div 0", -inf}, {"0 div 0", nan}, {"3.1 mod 3.1", 0},
		{"5 mod 3.1", 1.9}, {"2 mod 3.1", 2}, {"5 mod -3", 2}, {"-5 mod 3", -2}, {"-5 mod -3", -2}, {"5 mod 0", nan},
		{"'123' * '456'", 56088}, {"true() + 8", 9}, {"'a' + 1", nan},
		{"true() or true() and false()", true}, {"(true() or true()) and false()", false},
		{"'' or 17", true}, {"(false() or 0) + 2", 2},
		{"4 < 5", true}, {"5 < 5", false}, {"5 <= 5", true}, {"6 <= 5", false}, {"6 > 5", true}, {"4 >= 5", false}, {"-3 > -6", true},
		{"true() > 0.9999", true}, {"'-17' > '-172'", true}, {"'abc' < 'abcd'", false},
		{"false() and false() < true()", false}, {"(false() and false()) < true()", true},
		{"6 < 7 - 4", false}, {"(6 < 7) - 4", -3}, {"3 < 4 < 5", true}, {"3 < (4 < 5)", false},
		{"true() = false()", false}, {"true() != false()", true}, {"3 != 4", true}, {"6.1 - 7.8 = -1.7", true},
		{"'abc' = 'def'", false}, {"'' = ''", true}, {"true() = 17", true}, {"0 = false()", true}, {"true() = 'true'", true},
		{"17 = '17.0000000'", true}, {"'0017.' = 17", true}, {"'017.' = '17.000'", false},
		{"-3 < 3 = 6 >= 6", true}, {"false() and true() != true()", false}, {"1 div 0 = 1 div 0", true},
		{"true() or date('x')", true}, {"false() and date('x')", false}, {"date('x')", fails{}},
	})
}

func TestConversions(t *testing.T) {
	nan := math.NaN()
	check(t, world(t, "<data/>", "data", nil), []row{
		{"boolean(-1)", true}, {"boolean(0.0001)", true}, {"boolean(-0)", false}, {"boolean(number('NaN'))", false},
		{"boolean(1 div 0)", true}, {"boolean('')", false}, {"boolean('  ')", true}, {"boolean('false')", true},
		{"number(true())", 1}, {"number('100.001')", 100.001}, {"number('.1001')", 0.1001}, {"number('5.')", 5},
		{"number('1230000000000000000000')", 1.23e21}, {"number('0.00000000000000000123')", 1.23e-18},
		{"number(' -12345.6789  ')", -12345.6789}, {"number('not a number')", nan}, {"number('- 17')", nan},
		{"number('')", nan}, {"number('Infinity')", nan}, {"number('1.1e6')", nan}, {"number('34.56.7')", nan},
		{"number('4,6')", 4.6}, {"number('0x10')", nan}, {"number('1_000')", nan}, {"number('+5')", nan},
		{"string(123456.0000)", "123456"}, {"string(.557586)", "0.557586"}, {"string(-0)", "0"}, {"string(0.0001)", "0.0001"},
		{"string(1 div 0)", "Infinity"}, {"string(-1 div 0)", "-Infinity"}, {"string(0 div 0)", "NaN"},
		{"string(3000000000)", "3000000000"}, {"string(0.1 + 0.2)", "0.30000000000000004"}, {"string(1 = 1)", "true"},
		{"string(1230000000000000000000)", "1230000000000000000000"},
		{"int('100.001')", 100}, {"int(' -12345.6789  ')", -12345}, {"int('')", nan}, {"int(-0.5)", 0},
		{"boolean-from-string('TRUE')", true}, {"boolean-from-string('whatever')", false}, {"boolean-from-string(1)", true},
		{"boolean-from-string(1.0001)", false}, {"boolean-from-string(true())", true},
	})
}
