import ast
import traceback
import unittest

from adamscope_bridge.notebooks import (
    cells_of,
    compiled_cell,
    file_of,
    is_notebook,
    place_in_file,
    show_lines,
    where_left_out,
)
from adamscope_bridge.probing import SiteTable, instrument

TEXT = "# %% cell 2\n\nx = 1\ny = x\n\n# %% cell 5\n\n\n\n# %% cell 6\n\npass  # a, b = !ls\nz = 3\n\n\n"


class NotebookTest(unittest.TestCase):
    def test_has_a_file_for_each_cell(self):
        cells = cells_of("/w/nb.ipynb", TEXT)
        self.assertEqual(
            cells,
            {
                "/w/nb.ipynb:cell 2": "x = 1\ny = x",
                "/w/nb.ipynb:cell 5": "",
                "/w/nb.ipynb:cell 6": "pass  # a, b = !ls\nz = 3\n",
            },
        )
        self.assertEqual({file_of(path) for path in cells}, {"/w/nb.ipynb"})

    def test_may_be_empty(self):
        self.assertEqual(cells_of("/w/nb.ipynb", ""), {})

    def test_is_known_by_its_name(self):
        self.assertTrue(is_notebook("A.IPYNB"))
        self.assertFalse(is_notebook("nb.ipynb.py"))

    def test_places_name_the_cell(self):
        self.assertEqual(place_in_file("/w/nb.ipynb:cell 12"), {"file": "/w/nb.ipynb", "cell": 12})
        self.assertEqual(place_in_file("/w/a:cell 1.py"), {"file": "/w/a:cell 1.py"})
        self.assertEqual(file_of("/w/a.py"), "/w/a.py")

    def test_says_what_a_line_that_was_left_out_assigns(self):
        cells = cells_of("nb.ipynb", TEXT)
        self.assertIn("cell 6 assigns it", where_left_out("b", cells))
        self.assertEqual(where_left_out("z", cells), "")
        self.assertEqual(where_left_out("ls", cells), "")

    def test_tracebacks_show_the_lines_of_a_cell(self):
        path = "/w/shown.ipynb:cell 3"
        text = "x = 0\n1 / x"
        show_lines(path, text)
        try:
            exec(compiled_cell(ast.parse(text), path, 0), {})
        except ZeroDivisionError:
            shown = traceback.format_exc()
        self.assertIn('File "/w/shown.ipynb:cell 3", line 2, in <module>\n    1 / x', shown)

    def test_await_is_refused_with_its_place(self):
        with self.assertRaisesRegex(SyntaxError, "works only in Jupyter") as caught:
            compiled_cell(ast.parse("x = 1\nawait x"), "nb.ipynb:cell 1", 0)
        self.assertEqual((caught.exception.filename, caught.exception.lineno), ("nb.ipynb:cell 1", 2))
        with self.assertRaisesRegex(SyntaxError, "outside function"):
            compiled_cell(ast.parse("return 1"), "nb.ipynb:cell 1", 0)

    def test_a_cell_knows_what_one_above_it_imports(self):
        table = SiteTable()

        def rewritten(number, text):
            return ast.dump(instrument(ast.parse(text), f"nb.ipynb:cell {number}", text, table))

        rewritten(1, "from numba import njit")
        compiled = "@njit\ndef double(x):\n    return x * 2"
        self.assertEqual(rewritten(2, compiled), ast.dump(ast.parse(compiled)))
        plain = "def double(x):\n    return x * 2"
        self.assertNotEqual(rewritten(3, plain), ast.dump(ast.parse(plain)))
