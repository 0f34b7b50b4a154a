"""Where tables begin in the first rows of a file, and how their columns are called."""

import csv
import io

import pytest

from core.tables.header import Top, named, top_of


def rows(text: str, separator: str = ",") -> list[list[str]]:
    """Return the rows of a text of lines, which stand apart by " / " here."""
    return list(csv.reader(io.StringIO(text.replace(" / ", "\n")), delimiter=separator))


def filled_up(table: list[list[str]]) -> list[list[str]]:
    """Return the rows as a sheet has them: all as long as the longest."""
    width = max(map(len, table))
    return [[*row, *[""] * (width - len(row))] for row in table]


@pytest.mark.parametrize(
    "text",
    [
        "a,b / 1,2 / 3,4",
        "size,town / 1.5,Ulm / 2.5,Bonn",
        "town,name / Ulm,x / Bonn,y",
        "yes / 1 / 0",
        ",x,y / 0,5,72.5 / 1,1,3.5",
        # years and other numbers as names
        "region,2023,2024,2025 / r0,1.5,2.2,8.7 / r1,6.5,6.2,4.7",
        "region,2023,2024 / r0,1,3.5 / r1,8,97.5 / r2,5,6.5",
        "2022,2023 / 12,15 / 14,11 / 9,8",
        "country,1960,1970,1980 / A,120,2000.5,7 / B,80,1800,9",
        ",0,1,2 / 0,1.5,2.5,3.5 / 1,2.5,0.5,1.5",
        "0,1,2 / 1.5,2.5,3.5 / 2.5,0.5,1.5",
        "id,x,2 / 1,2.5,7 / 2,3.5,8",
        # dates as names
        "name,2025-01-01,2025-02-01 / n0,5,2.5 / n1,6,9.5",
        "name,01.02.2024,01.03.2024 / n0,5,2.5 / n1,6,9.5",
        "name,2025-01-01 00:00:00 / n0,5 / n1,6",
        # cells that are no numbers among those below
        "a,b,y / k.A.,4.1,9.9 / 5.5,0.4,5.4 / 6.1,7.2,0.4",
        "a,b / ?,5 / 3,? / 1,7",
        "rent,share / 12%,$5.00 / 13%,$6.50",
        "t,y / 08:15,1 / 08:30,2",
        "income;age / 3.544,91;41 / 2.920,60;49".replace(";", ","),
        "a,b / (1.5),−2 / 3.5,−4",
    ],
)
def test_that_a_row_that_differs_from_those_below_it_is_a_header(text: str) -> None:
    assert top_of(rows(text)) == Top()
    assert top_of(filled_up(rows(text))) == Top()


@pytest.mark.parametrize(
    "text",
    [
        "1,2 / 3,4 / 5,6",
        "1.5,Ulm / 2.5,Bonn / 3.5,Ulm",
        "r0,2023,1.5 / r1,2024,2.5 / r2,2022,3.5",
        "2021,2022 / 2022,2023 / 2023,2021",
        "1,2,3 / 4,5,6 / 7,8,9",
        "k.A.,4.1,9.9 / 5.5,0.4,5.4 / 6.1,7.2,0.4",
        "2024-01-01,red / 2024-01-02,blue / 2024-01-03,red",
        "$5.00,12% / $6.50,13% / $7.25,9%",
        "p,x,s / e,x,s / p,b,y / e,x,y",
        "plot0,red / plot1,blue / plot2,red",
        "08:15,1 / 08:30,2 / 09:00,3",
        "1,, / 2,, / 3,4,5 / 4,5,6 / 5,6,7 / 6,7,8",
    ],
)
def test_that_a_first_row_like_those_below_it_is_no_header(text: str) -> None:
    assert top_of(rows(text)) == Top(header=False)
    assert top_of(filled_up(rows(text))) == Top(header=False)


@pytest.mark.parametrize(
    ("text", "skip"),
    [
        ("# buoy 7 / time,temp,salt / 0,12.28,31 / 1,15.9,32", 1),
        ("% made 2024 / % by hand / a,b / 1,2 / 3,4", 2),
        ("# buoy 7, north / time,temp / 0,12.28 / 1,15.9", 1),
        ("Prices in euro /  / a,b,y / 1,2,3 / 4,5,6 / 7,8,9", 2),
        ("Prices, in euro / a,b,y / 1,2,3 / 4,5,6 / 7,8,9", 1),
        ("Station,7 / Height,12.5 /  / time,temp,salt / 0,12.28,31 / 1,15.9,32 / 2,1.5,30 / 3,7.5,33 / 4,2.5,31", 3),
        ("Prices, in euro /  / name,price / a,5 / b,6", 2),
        ("Report /  / price / 5 / 6 / 7", 2),
        ("Title,,, / a,b,c,d / 1,2,3,4 / 5,6,7,8 / 9,1,2,3", 1),
        ("one, two, three, four / a,b / 1,2 / 3,4 / 5,6", 1),
    ],
)
def test_that_titles_and_comments_above_the_header_are_skipped(text: str, skip: int) -> None:
    assert top_of(rows(text)) == Top(skip=skip)
    assert top_of(filled_up(rows(text))) == Top(skip=skip)


def test_that_a_title_above_rows_without_a_header_is_skipped() -> None:
    assert top_of(rows("Measured by hand / 1,2,3 / 4,5,6 / 7,8,9")) == Top(skip=1, header=False)


def test_that_a_comment_may_be_the_header() -> None:
    assert top_of(rows("# time,temp / 0,12.28 / 1,15.9")) == Top()
    assert top_of(rows("# made by hand / # time,temp / 0,12.28 / 1,15.9")) == Top(skip=1)
    assert top_of(rows("#,x / 1,5 / 2,6")) == Top()


@pytest.mark.parametrize(
    "text", ["alpha,beta / plot0,1,0.5 / plot1,2,0.6 / plot2,3,0.7", "a,b / 1,5,6 / 2,6,7 / 3,7,8", "x,x / 1,2,3"]
)
def test_that_a_header_may_be_one_name_short(text: str) -> None:
    assert top_of(rows(text)) == Top()


def test_that_blank_rows_above_need_not_be_skipped() -> None:
    assert top_of(rows(" /  / a,b / 1,2 / 3,4")) == Top()


@pytest.mark.parametrize(
    ("text", "skip"),
    [
        ("size,,price / cm,kg,EUR / 1,2,3 / 4,5,6 / 7,8,9", 0),
        ("time,temp,salt / s,°C,g/kg / 0,1.5,30 / 1,2.5,31 / 2,3.5,32", 0),
        ("name,size,price / ,cm,EUR / a,1,2 / b,3,4 / c,5,6", 0),
        ("A title /  / size,,price, / cm,kg,EUR,% / 1,2,3,4 / 4,5,6,7 / 7,8,9,1 / 1,2,3,4", 2),
    ],
)
def test_that_a_second_row_of_units_belongs_to_the_header(text: str, skip: int) -> None:
    assert top_of(rows(text)) == Top(skip=skip, header_rows=2)
    assert top_of(filled_up(rows(text))) == Top(skip=skip, header_rows=2)


@pytest.mark.parametrize(
    "text",
    [
        "a,b / x,y / z,w / x,w",
        "name,a,b / x,n.d.,n.d. / y,1,2 / z,3,4 / w,5,6",
        "a,b,y / k.A.,4.1,9.9 / 5.5,0.4,5.4 / 6.1,7.2,0.4",
        "town,a / Ulm,k.A. / Bonn,5 / Ulm,6",
        "day,a,b / 2024-01-01,k.A.,out / 2024-01-02,1,2 / 2024-01-03,3,4",
    ],
)
def test_that_a_first_row_of_data_with_texts_is_no_second_row_of_a_header(text: str) -> None:
    assert top_of(rows(text)) == Top()


def test_that_nothing_at_all_has_a_top() -> None:
    assert top_of([]) == top_of([[], [""]]) == Top()


@pytest.mark.parametrize(
    ("header", "width", "names"),
    [
        ([], 2, ("column 1", "column 2")),
        ([[" a ", "", "b"]], 4, ("a", "column 2", "b", "column 4")),
        ([["a", "a", "a (2)"]], 3, ("a", "a (2)", "a (2) (2)")),
        ([["size", "", "price"], ["cm", "kg", "EUR"]], 3, ("size (cm)", "size (kg)", "price (EUR)")),
        ([["2023", "", "2024"], ["Q1", "Q2", "Q1"]], 3, ("2023 (Q1)", "2023 (Q2)", "2024 (Q1)")),
        ([["", "size", ""], ["name", "cm", ""]], 3, ("name", "size (cm)", "column 3")),
        ([["size", "x"], ["[cm]", "x"]], 2, ("size [cm]", "x")),
        ([["day", "size"], ["", "cm"]], 3, ("day", "size (cm)", "column 3")),
        ([["a", "b", "c"]], 2, ("a", "b")),
    ],
)
def test_that_each_column_gets_a_name_of_its_own(header: list[list[str]], width: int, names: tuple[str, ...]) -> None:
    assert named(header, width)[0] == names


def test_that_changed_names_are_told() -> None:
    assert named([["x", "x"]], 2)[1] == ("The name “x” stands more than once; column 2 is called “x (2)” here",)
