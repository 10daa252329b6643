from .pay import pay
from .shift import hours
from .week import overtime, worked

__all__ = ["hours", "overtime", "pay", "worked"]
