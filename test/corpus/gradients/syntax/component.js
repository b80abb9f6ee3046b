export const Component = (props) => <div {...props} />;
