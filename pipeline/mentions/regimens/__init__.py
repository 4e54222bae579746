"""How drugs are taken: dose, route, frequency and duration, from the words beside them."""
