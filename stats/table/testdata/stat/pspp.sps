* Makes the small files of this folder whose names begin with pspp, by PSPP.
* The data are synthetic. Run by hand in this folder: pspp pspp.sps
* The files here were made by GNU PSPP 1.6.2.
SET DECIMAL=DOT.
DATA LIST LIST NOTABLE /id (A6) sex (F1.0) age (F3.0) held (F2.0) income (F9.2) day (DATE11) at (DATETIME20) eday (EDATE10) moyr (MOYR8) how (TIME8) w (F6.3) country (A3) note (A40).
BEGIN DATA.
S001 1 18 1 100 06-OCT-2016 "06-OCT-2016 09:30:15" 06.10.2016 "OCT 2016" 01:30:00 1.5 TUR "first"
S002 2 25 2 0 31-DEC-1959 "01-JAN-1970 00:00:00" 31.12.1959 "DEC 1959" 00:00:10 0.25 GRC ""
S003 2 31 97 -1 01-JAN-1960 "29-FEB-2000 23:59:59" 01.01.1960 "JAN 1960" 10:00:00 1 TUR "été"
S004 1 98 98 -7 29-FEB-2020 "14-OCT-1600 00:00:01" 29.02.2020 "FEB 2020" 23:59:59 2 XXX "=1+1"
S005 2 44 2 -99 . . . . . . GRC "€ 5"
S006 1 102 1 5000.25 01-JAN-1600 "01-JAN-1960 00:00:00" 01.01.1600 "JAN 1600" 00:00:00 1 TUR "two words"
END DATA.
STRING essay (A700).
COMPUTE essay = CONCAT(RPAD("begin", 300, "-"), RPAD("middle", 300, "+"), "end").
IF id = "S002" essay = "".
IF id = "S003" essay = "short".
VARIABLE LABELS id "Interview" /sex "Sex of the person" /held "Held against their will, été €" /essay "A very long text".
VALUE LABELS sex 1 "Man" 2 "Woman" 3 "Other" /held 1 "Yes" 2 "No" 97 "Refused" 98 "Don't know" /income -7 "Not applicable" -1 "Skipped"
 /country "TUR" "Turkey" "GRC" "Greece" "XXX" "Prefer not to say".
MISSING VALUES held (97, 98) /income (LOWEST THRU -1) /age (98) /country ("XXX").
VARIABLE LEVEL sex (NOMINAL) held (ORDINAL) age (SCALE).
WEIGHT BY w.
MRSETS /MCGROUP NAME=$both LABEL="Sex and held" VARIABLES=sex held.
RENAME VARIABLES (income = incomeInTheMonthBefore).
SAVE OUTFILE="pspp.sav" /UNCOMPRESSED.
SAVE OUTFILE="pspp_byte.sav" /COMPRESSED.
SAVE OUTFILE="pspp.zsav" /ZCOMPRESSED.
