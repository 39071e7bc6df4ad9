"""The page. The only room that knows Streamlit; it decides nothing, it shows."""
