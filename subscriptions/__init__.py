"""Who gets what: readers, their interests, their consent. A leaf: never imports digest."""
