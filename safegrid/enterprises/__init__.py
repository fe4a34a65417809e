"""一企一档: the enterprises (legal entities), the places that are visited, and who keeps them."""
