"""The responsibility matrix: its tables, the matrix as a whole, and how it stands."""

from raci.models.blocks import blocks_of, rows_of
from raci.models.matrix import Matrix, cells_of, matrix_of
from raci.models.standing import findings_of, gaps_of
from raci.models.tables import Letter, RaciHolder, RaciRow

__all__ = ["Letter", "Matrix", "RaciHolder", "RaciRow", "blocks_of", "cells_of", "findings_of", "gaps_of", "matrix_of"]
__all__ += ["rows_of"]
