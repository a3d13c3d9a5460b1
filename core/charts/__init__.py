"""Charts once: the same figure on the screen and in the report, with a sentence and a table.

``charts_for`` gives them all, ``chart`` one by its key (``KEYS``), ``scenario_charts`` those of a
comparison; ``figure`` draws. What cannot be drawn is an ``Absent`` with its reason.
"""

from core.charts.records import Absent as Absent
from core.charts.records import Chart as Chart
from core.charts.registry import KEYS as KEYS
from core.charts.registry import chart as chart
from core.charts.registry import charts_for as charts_for
from core.charts.registry import figure as figure
from core.charts.scenarios import scenario_charts as scenario_charts
from core.charts.theme import DARK as DARK
from core.charts.theme import HIGH_CONTRAST as HIGH_CONTRAST
from core.charts.theme import LIGHT as LIGHT
from core.charts.theme import PRINT as PRINT
from core.charts.theme import THEMES as THEMES
from core.charts.theme import Theme as Theme
