"""四码: the codes on a place's door plate, the plates themselves, and the pages behind them."""
